/** Files as lists of literal spans and matches, sent through a pair of codecs. */
import { createRandom, randomBytes } from '@deltawire/testkit';
import {
  type CompressorName,
  createTokenCompressor,
  createTokenDecompressor,
  RECORD_MAX_BYTES,
} from '../src/index.ts';

/** A literal span in the pieces in which it is handed over, or matched data. */
export type Part =
  | { readonly kind: 'literal'; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: 'match'; readonly data: Uint8Array };

/** Data with repetitions at every distance, so that histories matter. */
export function repetitive(length: number, seed: number): Buffer {
  const random = createRandom(seed);
  const words = Array.from({ length: 40 }, (_, i) => randomBytes(3 + (i % 9), seed + i));
  const parts: Uint8Array[] = [];
  for (let size = 0; size < length; ) {
    const word = words[Math.floor(random() * words.length)]!;
    parts.push(word);
    size += word.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** Send files, and return what arrives: each file as one array, and the number of compressed bytes. */
export function roundTrip(
  name: CompressorName,
  level: number,
  files: readonly (readonly Part[])[],
): { received: Buffer[]; compressedBytes: number } {
  const compressor = createTokenCompressor(name, level);
  const decompressor = createTokenDecompressor(name);
  let compressedBytes = 0;
  const received = files.map((parts) => {
    const out: Uint8Array[] = [];
    const literal = (bytes: Uint8Array): void => void out.push(bytes.slice());
    const record = (bytes: Uint8Array): void => {
      if (bytes.length < 1 || bytes.length > RECORD_MAX_BYTES) throw new Error('bad record');
      compressedBytes += bytes.length;
      decompressor.record(bytes.slice(), literal);
    };
    const endSpan = (): void => {
      compressor.flush(record);
      decompressor.endSpan(literal);
    };
    compressor.startFile();
    decompressor.startFile();
    for (const part of parts) {
      if (part.kind === 'literal') {
        for (const piece of part.pieces) compressor.literal(piece, record);
        continue;
      }
      endSpan();
      compressor.matched(part.data);
      decompressor.matched(part.data);
      out.push(part.data);
    }
    endSpan();
    return Buffer.concat(out);
  });
  compressor.close();
  decompressor.close();
  return { received, compressedBytes };
}

/** What a file's parts are together. */
export const contentOf = (parts: readonly Part[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => (part.kind === 'literal' ? part.pieces : [part.data])));
