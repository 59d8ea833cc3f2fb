import { constants, DeflateRaw, InflateRaw } from 'minizlib';
import { expect, test } from 'vitest';
import { CodecStream } from '../src/codec-stream.ts';
import { CompressionError } from '../src/index.ts';

const collect = (): { parts: Uint8Array[]; emit: (bytes: Uint8Array) => void } => {
  const parts: Uint8Array[] = [];
  return { parts, emit: (bytes) => void parts.push(bytes.slice()) };
};

test('what goes in comes out during the call', () => {
  const deflate = new CodecStream(new DeflateRaw({}));
  const inflate = new CodecStream(new InflateRaw({}));
  for (const word of ['one', 'two', 'three']) {
    const { parts, emit } = collect();
    deflate.write(Buffer.from(word), emit);
    deflate.flush(constants.Z_SYNC_FLUSH, emit);
    const back = collect();
    inflate.write(Buffer.concat(parts), back.emit);
    expect(Buffer.concat(back.parts).toString()).toBe(word);
  }
  deflate.close();
  inflate.close();
});

test('what is inserted is not handed out, but remembered', () => {
  const deflate = new CodecStream(new DeflateRaw({}));
  const data = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7919) >> 3));
  deflate.insert(data, constants.Z_SYNC_FLUSH);
  const { parts, emit } = collect();
  deflate.write(data, emit);
  deflate.flush(constants.Z_SYNC_FLUSH, emit);
  expect(Buffer.concat(parts).length).toBeLessThan(40);
  deflate.reset();
  const after = collect();
  deflate.write(data, after.emit);
  deflate.flush(constants.Z_SYNC_FLUSH, after.emit);
  expect(Buffer.concat(after.parts).length).toBeGreaterThan(40);
  deflate.close();
});

test('many calls leave no listeners behind', () => {
  const warnings: unknown[] = [];
  const listen = (warning: unknown): void => void warnings.push(warning);
  process.on('warning', listen);
  const stream = new DeflateRaw({});
  const deflate = new CodecStream(stream);
  for (let i = 0; i < 100; i++) deflate.insert(Buffer.from('x'), constants.Z_SYNC_FLUSH);
  expect(stream.listenerCount('error')).toBe(1);
  deflate.close();
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});

test('bytes that cannot be decompressed are an error of every call from then on', () => {
  const inflate = new CodecStream(new InflateRaw({}));
  for (let i = 0; i < 2; i++) {
    expect(() => inflate.write(Buffer.from('ffff', 'hex'), () => {})).toThrow(CompressionError);
  }
  inflate.close();
});
