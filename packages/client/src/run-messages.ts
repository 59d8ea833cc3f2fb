import type { RsyncOptions } from '@deltawire/options';
import type { Charset, TransferEvent } from '@deltawire/transfer';

/** Which end this is, as messages have it. */
export type EndName = 'sender' | 'Receiver';

/** What is told of a run before its transfer begins. */
export class RunMessages {
  readonly #levels: RsyncOptions['debugLevels'];
  readonly #onEvent: ((event: TransferEvent) => void) | undefined;

  constructor(options: RsyncOptions, onEvent: ((event: TransferEvent) => void) | undefined) {
    this.#levels = options.debugLevels;
    this.#onEvent = onEvent;
  }

  /** A line about what did not work, while the run goes on. */
  complain(line: string): void {
    this.#say('error', line);
  }

  /** `--debug=cmd`, which is part of `-vv`. */
  command(what: string, words: readonly string[]): void {
    if ((this.#levels.cmd ?? 0) === 0) return;
    const shown = words.map((word) => (/^[\w.,/@+=-]+$/.test(word) ? word : `"${word}"`));
    this.#say('info', `${[what, ...shown].join(' ')}  (${words.length} args)`);
  }

  /** `--debug=connect`, which is part of `-vv`, at a level. */
  connecting(level: 1 | 2, line: string): void {
    if ((this.#levels.connect ?? 0) >= level) this.#say('info', line);
  }

  /** `--debug=iconv`, which is part of `-vv`. */
  charset(end: EndName, charset: Charset | undefined): void {
    if (charset === undefined || (this.#levels.iconv ?? 0) === 0) return;
    this.#say('info', `[${end}] charset: ${charset.name}`);
  }

  #say(level: 'info' | 'error', line: string): void {
    this.#onEvent?.({ kind: 'message', level, origin: 'local', text: `${line}\n` });
  }
}
