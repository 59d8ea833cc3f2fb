import { decodeByteString, encodeByteString } from '../bytes/strings.ts';
import { LimitError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from './dialect.ts';

/** Most arguments that a daemon accepts in one block. */
export const ARGUMENTS_MAX: number = 16000;
/** Longer arguments are cut, as rsync does, bytes. */
export const ARGUMENT_MAX_BYTES = 5119;

const LF = 0x0a;

/**
 * The arguments a client sends to a daemon after OK: each ends in NUL (LF below protocol 30), and an
 * empty one ends the block (docs/spec/session.md §4.7).
 *
 * @throws RangeError for an argument that would end the block or be taken for two
 */
export function encodeArguments(
  args: readonly string[],
  dialect: Pick<Dialect, 'nulArguments'>,
): Uint8Array {
  const end = dialect.nulArguments ? '\0' : '\n';
  for (const arg of args) {
    if (arg === '' || arg.includes(end)) {
      throw new RangeError(`argument ${JSON.stringify(arg)} cannot be sent to a daemon`);
    }
  }
  return encodeByteString(`${args.map((arg) => arg + end).join('')}${end}`);
}

/**
 * Secluded arguments (`-s`): `rsync`, then every argument, each ending in NUL, and an empty one at the
 * end. An empty argument is sent as `.` (docs/spec/session.md §3.6).
 */
export function encodeSecludedArguments(args: readonly string[]): Uint8Array {
  const words = ['rsync', ...args.map((arg) => (arg === '' ? '.' : arg))];
  return encodeByteString(`${words.map((word) => `${word}\0`).join('')}\0`);
}

/** Reads an argument block, including a secluded one (which then begins with `rsync`). */
export class ArgumentsDecoder {
  readonly #end: number;
  readonly #args: string[] = [];
  #current: string = '';
  #dropped: boolean = false;
  #done: boolean = false;

  /** Secluded blocks are always NUL-separated: `{ nulArguments: true }`. */
  constructor(dialect: Pick<Dialect, 'nulArguments'>) {
    this.#end = dialect.nulArguments ? 0 : LF;
  }

  /** Whether the end of the block has been seen. */
  get done(): boolean {
    return this.#done;
  }

  /** The arguments so far. */
  get args(): readonly string[] {
    return this.#args;
  }

  /**
   * Use a chunk up to the end of the block.
   *
   * @returns the bytes behind the block; empty until it is {@link done}
   * @throws LimitError with exit code 1 beyond {@link ARGUMENTS_MAX}
   */
  push(chunk: Uint8Array): Uint8Array {
    let at = 0;
    while (!this.#done && at < chunk.length) {
      const found = chunk.indexOf(this.#end, at);
      const end = found < 0 ? chunk.length : found;
      this.#append(chunk, at, end);
      if (found < 0) return chunk.subarray(chunk.length);
      at = end + 1;
      this.#finish();
    }
    return chunk.subarray(at);
  }

  #append(chunk: Uint8Array, start: number, end: number): void {
    const room = ARGUMENT_MAX_BYTES - this.#current.length;
    if (end - start > room) this.#dropped = true;
    this.#current += decodeByteString(chunk, start, Math.min(end, start + room));
  }

  #finish(): void {
    if (this.#current === '' && !this.#dropped) {
      this.#done = true;
      return;
    }
    if (this.#args.length === ARGUMENTS_MAX) {
      throw new LimitError('number of arguments', ARGUMENTS_MAX + 1, ARGUMENTS_MAX, {
        exitCode: ExitCode.SYNTAX,
      });
    }
    this.#args.push(this.#current);
    this.#current = '';
    this.#dropped = false;
  }
}
