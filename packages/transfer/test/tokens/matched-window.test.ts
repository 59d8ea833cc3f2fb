import { expect, test } from 'vitest';
import { loadCompression } from '../../src/tokens/compression.ts';
import { MatchedWindow } from '../../src/tokens/matched-window.ts';
import { readAtOf } from './codecs.ts';

test('it reads the last 32 KiB of a run, across short reads', async () => {
  const compression = await loadCompression('zlib', 6);
  const content = Uint8Array.from({ length: 100_000 }, (_, i) => i * 13);
  const read = readAtOf(content);
  const parts: Uint8Array[] = [];
  new MatchedWindow(compression, 32).read(
    (target, position) => read(target.subarray(0, 1000), position),
    { position: 100, length: 70_000, blockLength: 700 },
    (bytes) => parts.push(bytes.slice()),
  );
  expect(Buffer.concat(parts)).toEqual(Buffer.from(content.subarray(70_100 - 32_768, 70_100)));
});

test('a file that has become shorter gives zeros', async () => {
  const compression = await loadCompression('zlib', 6);
  const parts: Uint8Array[] = [];
  new MatchedWindow(compression, 32).read(
    readAtOf(Uint8Array.of(1, 2, 3)),
    { position: 1, length: 5, blockLength: 700 },
    (bytes) => parts.push(bytes.slice()),
  );
  expect(parts).toEqual([Uint8Array.of(2, 3, 0, 0, 0)]);
});
