import { closeSync, openSync, writeSync } from 'node:fs';
import { errnoText, fsPath } from '@deltawire/filesystem';
import { bytesToText, ExitCode, escapeBytes, localTimeText, RsyncError } from '@deltawire/protocol';
import { openSyslog } from './syslog.ts';

/** Receives one log line (byte string, no line end). */
export type LogSink = (line: string) => void;

/** The daemon's log: a file that is opened once, or a function. */
export interface DaemonLog {
  /** One line; bytes that would confuse a terminal are escaped. */
  write(text: string): void;
  close(): void;
}

/** Where log lines go, as `log file`, `syslog facility` and `syslog tag` say. */
export interface LogTarget {
  /** '' for none. */
  readonly logFile: string;
  readonly syslogFacility: string;
  readonly syslogTag: string;
}

/**
 * A log in rsync's format, `DATE TIME [PID] TEXT`. Opened at once, because a connection that
 * gives up being root could no longer open it. With `syslog` the system's log gets the lines that
 * no file takes; otherwise a file that cannot be opened throws `RsyncError` with exit code 11.
 */
export function openLog(
  target: LogTarget,
  sink: LogSink | undefined,
  syslog: boolean = false,
): DaemonLog {
  const { logFile, syslogFacility, syslogTag } = target;
  let fd: number | undefined;
  let failure: RsyncError | undefined;
  try {
    if (logFile !== '') fd = openLogFile(logFile);
  } catch (error) {
    if (!syslog || !(error instanceof RsyncError)) throw error;
    failure = error;
  }
  const system = syslog && fd === undefined ? openSyslog(syslogFacility, syslogTag) : undefined;
  const log: DaemonLog = {
    write(text) {
      const escaped = escapeBytes(text);
      const line = `${localTimeText(Date.now() / 1000)} [${process.pid}] ${escaped}`;
      sink?.(line);
      system?.write(escaped);
      if (fd === undefined) return;
      try {
        writeSync(fd, Buffer.from(`${line}\n`, 'latin1'));
      } catch {
        // A full disk must not stop transfers; the next line tries again.
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd);
      system?.close();
    },
  };
  if (failure !== undefined) {
    log.write(`rsync: ${failure.message}`);
    log.write('Ignoring "log file" setting.');
  }
  return log;
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
