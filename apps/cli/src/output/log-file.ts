import { closeSync, openSync, writeSync } from 'node:fs';
import { errnoText, fsPath } from '@deltawire/filesystem';
import { effectiveLogFormat, type RsyncOptions } from '@deltawire/options';
import { ItemFlag } from '@deltawire/protocol';
import type { TransferEvent, TransferResult } from '@deltawire/transfer';
import { formatCount, humanLevel } from './humanize.ts';
import { createPrinter, type Printer, type PrinterSetup } from './printer.ts';
import type { TextSink } from './writer.ts';

/** Lines that a log does not repeat: it has its own about the file list. */
const LIST_LINE =
  /^(?:(?:sending|receiving) incremental file list|(?:building|receiving) file list \.\.\. .*)$/;

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time as rsync's logs have it: `2026/11/25 02:22:45`. */
function logTime(time: Date): string {
  const date = `${time.getFullYear()}/${two(time.getMonth() + 1)}/${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/**
 * `--log-file`: what a run does and says, each line with time and process. A second printer that
 * writes to the file, whatever is printed for the user.
 */
export class LogFile implements Printer, Disposable {
  readonly #fd: number;
  readonly #printer: Printer;
  readonly #options: RsyncOptions;
  /** Text behind the last line feed. */
  #rest = '';

  private constructor(fd: number, setup: PrinterSetup) {
    this.#fd = fd;
    const { options } = setup;
    this.#options = options;
    const sink: TextSink = { write: (text) => this.#take(text), flush: async () => {} };
    this.#printer = createPrinter({
      ...setup,
      options: {
        ...options,
        outFormat: effectiveLogFormat(options) ?? '',
        quiet: false,
        // Nothing unchanged is logged because of -vv alone.
        infoLevels: { ...options.infoLevels, progress: 0, name: 1 },
      },
      bar: undefined,
      stdout: sink,
      stderr: sink,
    });
    this.line(setup.sends ? 'building file list' : 'receiving file list');
  }

  /** Open the log of a run. One that cannot be opened is reported, and the run goes on without. */
  static open(setup: PrinterSetup): LogFile | undefined {
    const { logFile } = setup.options;
    if (logFile === undefined) return undefined;
    try {
      return new LogFile(openSync(fsPath(logFile), 'a', 0o644), setup);
    } catch (error) {
      setup.stderr.write(
        `rsync: [client] failed to open log-file ${logFile}: ${errnoText(error)}\nIgnoring "log file" setting.\n`,
      );
      return undefined;
    }
  }

  onEvent(event: TransferEvent): void {
    // As in rsync, the log of a dry run has no transfers and no deletions.
    const onlyImagined =
      event.kind === 'delete' ||
      (event.kind === 'item' && (event.iflags & ItemFlag.TRANSFER) !== 0);
    if (!(this.#options.dryRun && onlyImagined)) this.#printer.onEvent(event);
  }

  finish(result: TransferResult): void {
    this.#printer.finish(result);
    const hasSummary = !this.#options.quiet && (this.#options.infoLevels.stats ?? 0) > 0;
    if (hasSummary && result.exitCode === 0) return;
    const { bytesSent, bytesReceived, totalSize } = result.stats;
    const count = (value: number): string => formatCount(value, humanLevel(this.#options.human));
    this.line(
      `sent ${count(bytesSent)} bytes  received ${count(bytesReceived)} bytes  total size ${count(totalSize)}`,
    );
  }

  abandon(): void {
    this.#printer.abandon();
  }

  /** Text of one line or several: an error that ended the run. */
  write(text: string): void {
    this.#take(text);
  }

  /** One line of its own. */
  line(text: string): void {
    const line = `${logTime(new Date())} [${process.pid}] ${text}\n`;
    try {
      writeSync(this.#fd, Buffer.from(line, 'latin1'));
    } catch {
      // A full disk must not stop the run; the next line tries again.
    }
  }

  [Symbol.dispose](): void {
    if (this.#rest !== '') this.line(this.#rest);
    closeSync(this.#fd);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '' && !LIST_LINE.test(line)) this.line(line);
  }
}
