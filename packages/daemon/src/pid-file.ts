import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { errnoCode, errnoText, fsPath } from '@deltawire/filesystem';
import { bytesToText, ExitCode, RsyncError } from '@deltawire/protocol';

/** The file that says which process is the daemon; removed when that ends. */
export class PidFile implements Disposable {
  readonly #path: string;
  readonly #fd: number;

  /**
   * Write this process's number. Throws `RsyncError` with exit code 11 when another daemon that is
   * still running has written its own, or the file cannot be written.
   */
  constructor(path: string) {
    this.#path = path;
    const holder = runningDaemon(path);
    if (holder !== undefined) {
      throw pidFileError(
        `failed to lock pid file ${bytesToText(path)}: it belongs to process ${holder}, which is running`,
      );
    }
    try {
      this.#fd = openSync(fsPath(path), 'a', 0o644);
      ftruncateSync(this.#fd);
      writeSync(this.#fd, `${process.pid}\n`);
    } catch (cause) {
      throw pidFileError(
        `failed to create pid file ${bytesToText(path)}: ${errnoText(cause)}`,
        cause,
      );
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
    rmSync(fsPath(this.#path), { force: true });
  }
}

function pidFileError(message: string, cause?: unknown): RsyncError {
  return new RsyncError(message, { code: 'PID_FILE', exitCode: ExitCode.FILE_IO, cause });
}

/** Node has no file locks: the process must exist, and look like a daemon where that can be seen. */
function runningDaemon(path: string): number | undefined {
  const pid = Number.parseInt(contentsOf(path), 10);
  if (!(pid > 0) || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoCode(error) !== 'EPERM') return undefined;
  }
  const command = contentsOf(`/proc/${pid}/cmdline`);
  return command === '' || command.split('\0').includes('--daemon') ? pid : undefined;
}

function contentsOf(path: string): string {
  try {
    return readFileSync(fsPath(path), 'latin1');
  } catch {
    // Missing or unreadable: nothing is known.
    return '';
  }
}
