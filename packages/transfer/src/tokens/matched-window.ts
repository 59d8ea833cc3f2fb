import type { MatchedRun } from '@deltawire/compression';
import type { ReadAt } from '@deltawire/signature';
import type { Compression } from './compression.ts';

/** Reads of a run of matched blocks what a compressor's window holds behind it. */
export class MatchedWindow {
  readonly #compression: Compression;
  readonly #protocol: number;
  #buffer: Uint8Array | undefined;

  constructor(compression: Compression, protocol: number) {
    this.#compression = compression;
    this.#protocol = protocol;
  }

  /** `matched` gets the data in pieces; a view, valid during the call. */
  read(read: ReadAt, run: MatchedRun, matched: (bytes: Uint8Array) => void): void {
    for (const { position, length } of this.#compression.windowRanges(run, this.#protocol)) {
      if (this.#buffer === undefined || this.#buffer.length < length) {
        this.#buffer = new Uint8Array(Math.max(length, 4096));
      }
      const bytes = this.#buffer.subarray(0, length);
      let filled = 0;
      while (filled < length) {
        const count = read(bytes.subarray(filled), position + filled);
        if (count <= 0) break;
        filled += count;
      }
      // A file that has become shorter is found out by its sum; the windows only must stay equally long.
      bytes.fill(0, filled);
      matched(bytes);
    }
  }
}
