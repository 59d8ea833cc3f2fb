import { decodeByteString } from '../bytes/strings.ts';
import { LimitError, ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { TEXT_LINE_MAX_BYTES } from './greeting.ts';

const LF = 0x0a;

/**
 * Splits the text phase of a daemon connection into lines (docs/spec/session.md §4).
 *
 * A line ends in LF; CR is dropped, NUL is an error. After some lines binary data follows: take lines
 * one at a time, and {@link rest} when the text is over.
 */
export class LineDecoder {
  readonly #maxBytes: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #start: number = 0;
  #end: number = 0;
  /** Up to here there is no LF. */
  #searched: number = 0;

  /** @param options.maxBytes - longest line, bytes without LF. @default 5120 */
  constructor(options: { readonly maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? TEXT_LINE_MAX_BYTES;
  }

  /**
   * Add received bytes. The lines that are complete now are yielded as they are asked for; a caller
   * that stops asking finds the rest in {@link rest}, or in the lines of the next push.
   */
  push(chunk: Uint8Array): Iterable<string> {
    const unread = this.#end - this.#start;
    if (this.#end + chunk.length > this.#bytes.length) {
      const bytes = new Uint8Array(2 * (unread + chunk.length));
      bytes.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = bytes;
      this.#searched -= this.#start;
      this.#start = 0;
      this.#end = unread;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
    return this.#lines();
  }

  /**
   * The next line as a byte string without its end, or undefined when none is complete.
   *
   * @throws LimitError with exit code 5 when it is too long, even before it is complete
   * @throws ProtocolError with exit code 5 when it contains NUL
   */
  next(): string | undefined {
    const found = this.#bytes.subarray(0, this.#end).indexOf(LF, this.#searched);
    const end = found < 0 ? this.#end : found;
    if (end - this.#start > this.#maxBytes) {
      throw new LimitError('line length', end - this.#start, this.#maxBytes, {
        exitCode: ExitCode.START_CLIENT,
      });
    }
    this.#searched = end;
    if (found < 0) return undefined;
    const line = decodeByteString(this.#bytes, this.#start, end);
    this.#start = end + 1;
    this.#searched = end + 1;
    if (line.includes('\0')) {
      throw new ProtocolError('NUL byte in a line of text', { exitCode: ExitCode.START_CLIENT });
    }
    return line.replaceAll('\r', '');
  }

  /** Take the bytes behind the last line. */
  rest(): Uint8Array {
    const rest = this.#bytes.slice(this.#start, this.#end);
    this.#start = this.#end;
    this.#searched = this.#end;
    return rest;
  }

  *#lines(): Generator<string, void, void> {
    for (;;) {
      const line = this.next();
      if (line === undefined) return;
      yield line;
    }
  }
}
