import { type DisplayCharset, escapeBytes } from './names.ts';
import type { ProgressBar } from './progress-bar.ts';
import type { TextSink } from './writer.ts';

/** Writes whole lines between those that show progress, and remembers whether one of these is unfinished. */
export class Lines {
  readonly out: TextSink;
  readonly #err: TextSink;
  readonly #charset: DisplayCharset;
  readonly #bar: ProgressBar | undefined;
  #open = false;

  constructor(out: TextSink, err: TextSink, charset: DisplayCharset, bar?: ProgressBar) {
    this.out = out;
    this.#err = err;
    this.#charset = charset;
    this.#bar = bar;
  }

  /** Something about names: bytes that cannot be shown are escaped. */
  line(bytes: string): void {
    this.print(`${escapeBytes(bytes, this.#charset)}\n`);
  }

  print(text: string, sink: TextSink = this.out): void {
    this.close(sink);
    sink.write(text);
  }

  /** A message of either side. */
  message(level: 'info' | 'warning' | 'error', text: string): void {
    // Only the last character is layout; a line feed before it belongs to a name.
    const end = text.endsWith('\n') ? '\n' : text.endsWith('\r') ? '\r' : '';
    const body = escapeBytes(end === '' ? text : text.slice(0, -1), this.#charset);
    this.print(body + end, level === 'info' ? this.out : this.#err);
  }

  /** Part of a line that shows progress; what comes next begins a new one if `open`. */
  draw(text: string, open: boolean): void {
    this.out.write(text);
    this.#open = open;
  }

  /** The bar goes away. The line feed of an open line goes where the next text goes, as rsync has it. */
  close(sink: TextSink = this.out): void {
    if (this.#open) sink.write('\n');
    this.#open = false;
    this.#bar?.clear();
  }
}
