import { writeEndToken, writeLiteralToken, writeMatchToken } from '@deltawire/protocol';
import type { ReadAt } from '@deltawire/signature';
import type { Agreement } from '../handshake.ts';
import type { Wire } from '../wire.ts';
import { CompressedWriter } from './compressed-writer.ts';

/** Consecutive blocks of the basis, found in the file that is sent. */
export interface SentMatch {
  /** First block. */
  readonly block: number;
  readonly count: number;
  /** Where the blocks are in the sender's file. */
  readonly position: number;
  /** Bytes of all of them. */
  readonly length: number;
}

/** The file whose delta is written. */
export interface SentFile {
  /** Reads it again: a compressor may want to see what has matched. */
  readonly read: ReadAt;
  /** Bytes of a block of the basis. */
  readonly blockLength: number;
}

/** Writes the delta of one file after the other, as the session has agreed. */
export interface TokenWriter {
  startFile(file: SentFile): void;
  literal(bytes: Uint8Array): void;
  match(match: SentMatch): void;
  /** End of the file's data; its sum follows. */
  end(): void;
}

/** The writer for one session. */
export function createTokenWriter(wire: Wire, agreement: Agreement): TokenWriter {
  const { compression, dialect } = agreement;
  if (compression === undefined) return new PlainWriter(wire);
  return new CompressedWriter(wire, compression, dialect.protocol);
}

/** Tokens of docs/spec/data.md §7.1. */
class PlainWriter implements TokenWriter {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  startFile(): void {}

  literal(bytes: Uint8Array): void {
    writeLiteralToken(this.#wire.out, bytes.length);
    this.#wire.sendBytes(bytes);
  }

  match({ block, count }: SentMatch): void {
    for (let i = 0; i < count; i++) writeMatchToken(this.#wire.out, block + i);
    this.#wire.send();
  }

  end(): void {
    writeEndToken(this.#wire.out);
  }
}
