import type { TokenDecompressor } from '@deltawire/compression';
import {
  type ByteReader,
  type CompressedToken,
  CompressedTokenReader,
  ProtocolError,
} from '@deltawire/protocol';
import { blockRange } from '@deltawire/signature';
import type { Wire } from '../wire.ts';
import type { Compression } from './compression.ts';
import { MatchedWindow } from './matched-window.ts';
import type { ReceivedFile, Step, TokenReader, TokenSink } from './token-reader.ts';

/** Tokens whose literal data is compressed (docs/spec/data.md §7.3). */
export class CompressedReader implements TokenReader {
  readonly #wire: Wire;
  readonly #tokens: CompressedTokenReader = new CompressedTokenReader();
  readonly #compression: Compression;
  readonly #decompressor: TokenDecompressor;
  readonly #window: MatchedWindow;
  #file: ReceivedFile | undefined;
  #blockCount = 0;
  readonly #read = (reader: ByteReader): CompressedToken =>
    this.#tokens.read(reader, this.#blockCount);

  constructor(wire: Wire, compression: Compression, protocol: number) {
    this.#wire = wire;
    this.#compression = compression;
    this.#decompressor = compression.createDecompressor();
    this.#window = new MatchedWindow(compression, protocol);
  }

  startFile(file: ReceivedFile): void {
    this.#file = file;
    this.#blockCount = file.layout.blockCount;
    this.#decompressor.startFile();
  }

  step(sink: TokenSink): Step {
    const token = this.#wire.attempt(this.#read);
    if (token === undefined) return 'starved';
    const literal = (bytes: Uint8Array): void => sink.literal(bytes);
    if (token.kind === 'data') {
      this.#guard(() => this.#decompressor.record(token.bytes, literal));
      return 'moved';
    }
    this.#guard(() => this.#decompressor.endSpan(literal));
    if (token.kind === 'end') return 'end';
    const { block, count } = token;
    // In place, the sink may overwrite these blocks: read them before.
    if (this.#decompressor.wantsMatches) this.#remember(block, count);
    sink.match(block, count);
    return 'moved';
  }

  #remember(block: number, count: number): void {
    const { layout, readBasis } = this.#file!;
    if (readBasis === undefined) return;
    const position = block * layout.blockLength;
    const last = blockRange(layout, block + count - 1);
    const run = {
      position,
      length: last.offset + last.length - position,
      blockLength: layout.blockLength,
    };
    this.#window.read(readBasis, run, (bytes) => this.#decompressor.matched(bytes));
  }

  /** What cannot be decompressed is the peer's fault. */
  #guard(decompress: () => void): void {
    try {
      decompress();
    } catch (cause) {
      if (!this.#compression.isDataError(cause)) throw cause;
      throw new ProtocolError(
        `bad ${this.#compression.name} data from the sender: ${cause.message}`,
        {
          cause,
        },
      );
    }
  }
}
