import { closeSync, openSync, writeSync } from 'node:fs';
import { errnoText, fsPath } from '@deltawire/filesystem';
import { bytesToText, ExitCode, escapeBytes, RsyncError } from '@deltawire/protocol';

/** Receives one log line (byte string, no line end). */
export type LogSink = (line: string) => void;

/** The daemon's log: a file that is opened once, or a function. */
export interface DaemonLog {
  /** One line; bytes that would confuse a terminal are escaped. */
  write(text: string): void;
  close(): void;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time as rsync's logs have it: `2026/11/25 02:22:45`. */
export function logTime(time: Date): string {
  const date = `${time.getFullYear()}/${two(time.getMonth() + 1)}/${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/**
 * A log in rsync's format, `DATE TIME [PID] TEXT`. Opened at once, because a connection that
 * gives up being root could no longer open it. Throws `RsyncError` with exit code 11.
 */
export function openLog(file: string, sink: LogSink | undefined): DaemonLog {
  const fd = file === '' ? undefined : openLogFile(file);
  return {
    write(text) {
      const line = `${logTime(new Date())} [${process.pid}] ${escapeBytes(text)}`;
      sink?.(line);
      if (fd === undefined) return;
      try {
        writeSync(fd, Buffer.from(`${line}\n`, 'latin1'));
      } catch {
        // A full disk must not stop transfers; the next line tries again.
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd);
    },
  };
}

function openLogFile(file: string): number {
  try {
    return openSync(fsPath(file), 'a', 0o644);
  } catch (cause) {
    const name = bytesToText(file);
    throw new RsyncError(`failed to open log-file ${name}: ${errnoText(cause)}`, {
      code: 'LOG_FILE',
      exitCode: ExitCode.FILE_IO,
      cause,
    });
  }
}
