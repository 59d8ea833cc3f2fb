import { closeSync, openSync, readSync } from 'node:fs';
import { errnoText, fsPath } from '@deltawire/filesystem';
import { bytesToText, ExitCode, RsyncError } from '@deltawire/protocol';

/** Bytes that a daemon takes (docs/spec/session.md §4.3). */
const MAX_EARLY_INPUT = 5120;

/**
 * What `--early-input` has for the daemon's `early exec`. Throws `RsyncError` with exit code 5 for
 * a file that cannot be read or has more than 5,120 bytes.
 *
 * @param path byte string
 */
export function readEarlyInput(path: string): Uint8Array {
  const bytes = readStart(path, MAX_EARLY_INPUT + 1);
  if (bytes.length > MAX_EARLY_INPUT)
    throw failure('USAGE', `${bytesToText(path)} is > ${MAX_EARLY_INPUT} bytes.`);
  return bytes;
}

/** Not more of a file than would be looked at, whatever its size. */
function readStart(path: string, count: number): Uint8Array {
  try {
    const fd = openSync(fsPath(path), 'r');
    try {
      const buffer = new Uint8Array(count);
      let filled = 0;
      for (let read = 1; read > 0 && filled < count; filled += read) {
        read = readSync(fd, buffer, filled, count - filled, null);
      }
      return buffer.subarray(0, filled);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw failure('EARLY_INPUT', `failed to open ${bytesToText(path)}: ${errnoText(cause)}`, cause);
  }
}

const failure = (code: string, message: string, cause?: unknown): RsyncError =>
  new RsyncError(message, { code, exitCode: ExitCode.START_CLIENT, cause });
