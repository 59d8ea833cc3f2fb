import { matchedBlock, readToken } from '@deltawire/protocol';
import type { BlockLayout, ReadAt } from '@deltawire/signature';
import type { Agreement } from '../handshake.ts';
import type { Wire } from '../wire.ts';
import { CompressedReader } from './compressed-reader.ts';

/** Literal bytes taken from the input at once. */
const PIECE_BYTES = 256 * 1024;

/** Gets the delta of one file in order. */
export interface TokenSink {
  /** New bytes; a view, valid during the call. */
  literal(bytes: Uint8Array): void;
  /** Consecutive blocks of the basis, all inside it. */
  match(block: number, count: number): void;
}

/** The basis that a delta refers to. */
export interface ReceivedFile {
  readonly layout: BlockLayout;
  /** undefined when the basis is gone. */
  readonly readBasis: ReadAt | undefined;
}

/**
 * How a step ended: something was handed to the sink (`moved`), the delta is over (`end`), or
 * nothing more can be read before input arrives (`starved`).
 */
export type Step = 'moved' | 'end' | 'starved';

/** Reads the delta of one file after the other, as the session has agreed. */
export interface TokenReader {
  startFile(file: ReceivedFile): void;
  /** Read a little of what has arrived, without waiting. */
  step(sink: TokenSink): Step;
}

/** The reader for one session. */
export function createTokenReader(wire: Wire, agreement: Agreement): TokenReader {
  const { compression, dialect } = agreement;
  if (compression === undefined) return new PlainReader(wire);
  return new CompressedReader(wire, compression, dialect.protocol);
}

/** Tokens of docs/spec/data.md §7.1. */
class PlainReader implements TokenReader {
  readonly #wire: Wire;
  #blockCount = 0;
  /** Literal bytes of the current token that have not arrived. */
  #left = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  startFile({ layout }: ReceivedFile): void {
    this.#blockCount = layout.blockCount;
    this.#left = 0;
  }

  step(sink: TokenSink): Step {
    if (this.#left === 0) {
      const token = this.#wire.attempt(readToken);
      if (token === undefined) return 'starved';
      if (token === 0) return 'end';
      if (token < 0) {
        sink.match(matchedBlock(token, this.#blockCount), 1);
        return 'moved';
      }
      this.#left = token;
    }
    const bytes = this.#wire.takeAvailable(Math.min(this.#left, PIECE_BYTES));
    if (bytes.length === 0) return 'starved';
    this.#left -= bytes.length;
    sink.literal(bytes);
    return 'moved';
  }
}
