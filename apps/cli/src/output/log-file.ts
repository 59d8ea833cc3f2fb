import { closeSync, openSync, writeSync } from 'node:fs';
import { errnoText, fsPath, TrustedPaths } from '@deltawire/filesystem';
import { effectiveLogFormat, itemizeLevel, type RsyncOptions } from '@deltawire/options';
import { ExitCode, ItemFlag, localTimeText } from '@deltawire/protocol';
import type { TransferEvent, TransferResult } from '@deltawire/transfer';
import { formatCount, humanLevel } from './humanize.ts';
import { createPrinter, type Printer, type PrinterSetup } from './printer.ts';
import type { TextSink } from './writer.ts';

/** Exit codes of runs that came to their end, whatever they had to leave out. */
const COMPLETE: ReadonlySet<number> = new Set([
  ExitCode.OK,
  ExitCode.PARTIAL,
  ExitCode.VANISHED,
  ExitCode.DELETE_LIMIT,
]);

/**
 * `--log-file`: what a run does and says, each line with time and process. A second printer that
 * writes to the file, whatever is printed for the user.
 */
export class LogFile implements Printer, Disposable {
  readonly #fd: number;
  readonly #printer: Printer;
  readonly #options: RsyncOptions;
  readonly #itemizes: boolean;
  /** Text behind the last line feed. */
  #rest = '';

  private constructor(fd: number, setup: PrinterSetup) {
    this.#fd = fd;
    const { options } = setup;
    this.#options = options;
    this.#itemizes = itemizeLevel(options, effectiveLogFormat(options)) > 0;
    const sink: TextSink = { write: (text) => this.#take(text), flush: async () => {} };
    this.#printer = createPrinter({
      ...setup,
      options: {
        ...options,
        outFormat: effectiveLogFormat(options) ?? '',
        quiet: false,
        // A server itemizes what its client asked for.
        itemize: options.logFormat?.includes('I') === true ? 2 : options.itemize,
        // Nothing unchanged is logged because of -vv alone, and there is one line about the list.
        infoLevels: { ...options.infoLevels, progress: 0, name: 1, flist: 0 },
      },
      bar: undefined,
      stdout: sink,
      stderr: sink,
    });
  }

  /** Open the log of a run. One that cannot be opened is reported, and the run goes on without. */
  static open(setup: PrinterSetup): LogFile | undefined {
    const { logFile, server, insecureLinks: insecure } = setup.options;
    if (logFile === undefined) return undefined;
    const onUntrusted = (line: string): void => setup.stderr.write(`${line}\n`);
    try {
      new TrustedPaths({ insecure, onUntrusted }).check(logFile, true);
      return new LogFile(openSync(fsPath(logFile), 'a', 0o644), setup);
    } catch (error) {
      setup.stderr.write(
        `rsync: [${server ? 'server' : 'client'}] failed to open log-file ${logFile}: ${errnoText(error)}\nIgnoring "log file" setting.\n`,
      );
      return undefined;
    }
  }

  onEvent(event: TransferEvent): void {
    if (event.kind === 'list' && event.state === 'start') {
      this.line(event.direction === 'sending' ? 'building file list' : 'receiving file list');
    }
    if (!this.#leavesOut(event)) this.#printer.onEvent(event);
  }

  /** A dry run's log has no transfers and no deletions; a server has its own idea of items. */
  #leavesOut(event: TransferEvent): boolean {
    const { server, dryRun } = this.#options;
    if (event.kind === 'delete') return dryRun;
    if (event.kind !== 'item') return false;
    const transfers = (event.iflags & ItemFlag.TRANSFER) !== 0;
    return (dryRun && (server || transfers)) || (server && !transfers && !this.#itemizes);
  }

  finish(result: TransferResult): void {
    if (this.#options.server) {
      // Why it had to stop is in the log by now.
      if (!COMPLETE.has(result.exitCode)) return;
    } else this.#printer.finish(result);
    const hasSummary =
      !this.#options.server && !this.#options.quiet && (this.#options.infoLevels.stats ?? 0) > 0;
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
    const line = `${localTimeText(Date.now() / 1000)} [${process.pid}] ${text}\n`;
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
    for (const line of lines) if (line !== '') this.line(line);
  }
}
