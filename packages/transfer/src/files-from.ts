import { readFileSync } from 'node:fs';
import { splitFilesFrom } from '@deltawire/file-list';
import { errnoText, fsPath } from '@deltawire/filesystem';
import {
  decodeByteString,
  ExitCode,
  encodeByteString,
  FilesFromDecoder,
  FilesFromEncoder,
  RsyncError,
} from '@deltawire/protocol';
import type { Session } from './session.ts';

/** Send the names of a `--files-from` file to the peer that reads them (docs/spec/session.md §7.5). */
export function sendNames(session: Session, file: Uint8Array): void {
  const encoder = new FilesFromEncoder({ from0: session.options.from0 });
  const charset = session.options.secludedArgs === true ? session.charset : undefined;
  const listed = encoder.push(file);
  const names =
    charset === undefined
      ? listed
      : encodeByteString(
          convertNames(decodeByteString(listed), (name) => charset.textToUtf8(name)),
        );
  for (const part of [names, encoder.finish()]) {
    if (session.agreement.dialect.filesFromFramed) session.wire.sendBytes(part);
    else session.wire.sendRaw(part);
  }
  session.wire.send();
}

/** As rsync does it, names that have no other form stay as they are. */
function convertNames(text: string, convert: (name: string) => string): string {
  return text.split('\0').map(convert).join('\0');
}

/** The names that the peer sends (docs/spec/session.md §7.5). */
export async function readNames(session: Session): Promise<string[]> {
  const { wire } = session;
  const decoder = new FilesFromDecoder();
  const names: string[] = [];
  while (!decoder.done) {
    // One byte at a time: what follows the list is not ours to take.
    const byte = wire.takeAvailable(1);
    if (byte.length === 0) await wire.fill();
    else names.push(...decoder.push(byte));
  }
  const charset = session.options.secludedArgs === true ? session.charset : undefined;
  return charset === undefined ? names : names.map((name) => charset.textFromUtf8(name));
}

/** The names in a `--files-from` file of this side. */
export function splitNames(session: Session, file: Uint8Array): string[] {
  return splitFilesFrom(file, { from0: session.options.from0 });
}

/**
 * The bytes of a `--files-from` file of this side. Throws with exit code 1.
 *
 * @param check throws the system's error for a path that must not be used
 */
export function readNamesFile(path: string, check: (path: string) => void): Uint8Array {
  try {
    check(path);
    return readFileSync(fsPath(path));
  } catch (cause) {
    const reason = errnoText(cause).replace(/ \(\d+\)$/, '');
    throw new RsyncError(`rsync: failed to open files-from file ${path}: ${reason}`, {
      code: 'FILES_FROM',
      exitCode: ExitCode.SYNTAX,
      cause,
    });
  }
}
