import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { absolutePath, errnoText, fsPath } from '@deltawire/filesystem';
import type { RsyncOptions } from '@deltawire/options';
import { ExitCode, RsyncError } from '@deltawire/protocol';
import type { BatchSink } from '@deltawire/transfer';
import { batchScript } from './batch-script.ts';
import type { CheckFile } from './lists.ts';

/** Bytes that are gathered before they are written. */
const BUFFER_BYTES = 256 * 1024;

/** A batch that is being written. */
export interface BatchFile extends BatchSink {
  /** Write what is left. Throws like `write`. */
  close(): void;
}

/**
 * Create a batch and the script that applies it, both for the user alone.
 *
 * @throws RsyncError code `BATCH`: exit code 3 for the script, 11 for the batch, also when it cannot be
 * written
 */
export function createBatchFiles(
  path: string,
  options: RsyncOptions,
  rules: readonly string[],
  check: CheckFile,
): BatchFile {
  const script = Buffer.from(batchScript('deltawire', options, rules), 'latin1');
  attempt(`${path}.sh`, 'open', ExitCode.FILE_SELECT, () => {
    check(`${path}.sh`);
    writeFileSync(fsPath(`${path}.sh`), script, { mode: 0o700 });
  });
  const fd = attempt(path, 'open', ExitCode.FILE_IO, () => {
    check(path);
    return openSync(fsPath(path), 'w', 0o600);
  });
  let waiting: Uint8Array[] = [];
  let size = 0;
  const flush = (): void => {
    for (const bytes of waiting) {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    }
    waiting = [];
    size = 0;
  };
  return {
    write(bytes) {
      waiting.push(bytes);
      size += bytes.length;
      if (size >= BUFFER_BYTES) attempt(path, 'write', ExitCode.FILE_IO, flush);
    },
    close() {
      try {
        attempt(path, 'write', ExitCode.FILE_IO, flush);
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** A file to read a batch from; standard input is 0. Throws like {@link createBatchFiles}. */
export function openBatchFile(path: string, check: CheckFile): number {
  if (path === '-') return 0;
  return attempt(path, 'open', ExitCode.FILE_IO, () => {
    check(path);
    return openSync(fsPath(path), 'r');
  });
}

function attempt<T>(path: string, what: string, exitCode: number, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const message = `rsync: [Receiver] Batch file "${absolutePath(path)}" ${what} error: ${errnoText(cause)}`;
    throw new RsyncError(message, { code: 'BATCH', exitCode, cause });
  }
}
