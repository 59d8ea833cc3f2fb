import { decodeByteString, encodeByteString } from './bytes/strings.ts';
import { LimitError } from './errors.ts';
import { ExitCode } from './exit-code.ts';

/*
 * The names of --files-from: each ends in NUL, an empty one ends the list. From protocol 31 the bytes
 * are part of the logical stream, below they are raw. Source: docs/spec/session.md §7.5.
 */

/** Longest name, bytes. */
export const FILES_FROM_NAME_MAX_BYTES = 4095;

const NUL = 0;
const LF = 0x0a;
const CR = 0x0d;

/** Splits a stream of files-from names. */
export class FilesFromDecoder {
  #current: string = '';
  #done: boolean = false;
  #rest: Uint8Array = new Uint8Array(0);

  /** Whether the end of the list has been seen. */
  get done(): boolean {
    return this.#done;
  }

  /** Bytes behind the end of the list, of the chunk that contained it. */
  get rest(): Uint8Array {
    return this.#rest;
  }

  /**
   * The names that are complete now, as byte strings.
   *
   * @throws LimitError with exit code 22 for a name of more than {@link FILES_FROM_NAME_MAX_BYTES}
   */
  push(chunk: Uint8Array): string[] {
    const names: string[] = [];
    let at = 0;
    while (!this.#done && at < chunk.length) {
      const found = chunk.indexOf(NUL, at);
      const end = found < 0 ? chunk.length : found;
      const length = this.#current.length + end - at;
      if (length > FILES_FROM_NAME_MAX_BYTES) {
        throw new LimitError('files-from name length', length, FILES_FROM_NAME_MAX_BYTES, {
          exitCode: ExitCode.MALLOC,
        });
      }
      this.#current += decodeByteString(chunk, at, end);
      if (found < 0) return names;
      at = end + 1;
      if (this.#current === '') {
        this.#done = true;
        this.#rest = chunk.subarray(at);
      } else {
        names.push(this.#current);
        this.#current = '';
      }
    }
    return names;
  }
}

/** Turns a file with names into the form that travels, chunk by chunk. */
export class FilesFromEncoder {
  readonly #from0: boolean;
  /** The last byte that went out was NUL, or nothing has. */
  #atStart: boolean = true;

  /** @param options.from0 - names end in NUL only, not in CR or LF. @default false */
  constructor(options: { readonly from0?: boolean } = {}) {
    this.#from0 = options.from0 ?? false;
  }

  /** Bytes to send for the next chunk of the file; comments are not removed. */
  push(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      const ends = byte === NUL || (!this.#from0 && (byte === LF || byte === CR));
      if (ends && this.#atStart) continue;
      out[length++] = ends ? NUL : byte;
      this.#atStart = ends;
    }
    return out.subarray(0, length);
  }

  /** Bytes to send at the end of the file. */
  finish(): Uint8Array {
    return new Uint8Array(this.#atStart ? 1 : 2);
  }
}

/** The whole stream for a list of names; empty ones are left out. */
export function encodeFilesFrom(names: Iterable<string>): Uint8Array {
  let text = '';
  for (const name of names) if (name !== '') text += `${name}\0`;
  return encodeByteString(`${text}\0`);
}
