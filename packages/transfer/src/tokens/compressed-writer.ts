import type { TokenCompressor } from '@deltawire/compression';
import { CompressedTokenWriter } from '@deltawire/protocol';
import type { Wire } from '../wire.ts';
import type { Compression } from './compression.ts';
import { MatchedWindow } from './matched-window.ts';
import type { SentFile, SentMatch, TokenWriter } from './token-writer.ts';

/** Tokens whose literal data is compressed (docs/spec/data.md §7.3). */
export class CompressedWriter implements TokenWriter {
  readonly #wire: Wire;
  readonly #tokens: CompressedTokenWriter = new CompressedTokenWriter();
  readonly #compressor: TokenCompressor;
  readonly #window: MatchedWindow;
  #file: SentFile | undefined;
  readonly #record = (bytes: Uint8Array): void => {
    this.#tokens.data(this.#wire.out, bytes);
    this.#wire.send();
  };

  constructor(wire: Wire, compression: Compression, protocol: number) {
    this.#wire = wire;
    this.#compressor = compression.createCompressor();
    this.#window = new MatchedWindow(compression, protocol);
  }

  startFile(file: SentFile): void {
    this.#file = file;
    this.#compressor.startFile();
  }

  literal(bytes: Uint8Array): void {
    this.#compressor.literal(bytes, this.#record);
  }

  match({ block, count, position, length }: SentMatch): void {
    this.#compressor.flush(this.#record);
    this.#tokens.match(this.#wire.out, block, count);
    this.#wire.send();
    if (!this.#compressor.wantsMatches || this.#file === undefined) return;
    const { read, blockLength } = this.#file;
    this.#window.read(read, { position, length, blockLength }, (bytes) =>
      this.#compressor.matched(bytes),
    );
  }

  end(): void {
    this.#compressor.flush(this.#record);
    this.#tokens.end(this.#wire.out);
    this.#file = undefined;
  }
}
