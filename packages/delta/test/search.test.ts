import { randomBytes } from 'node:crypto';
import { createStrongHash } from '@deltawire/checksums';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { BlockIndex } from '../src/block-index.ts';
import { searchDelta } from '../src/search.ts';
import { checksumOf, readerOf, rebuilt, signatureOf, tokensOf } from './deltas.ts';
import { edits } from './edits.ts';
import { joined, random } from './segments.ts';

test.each([false, true])('what is found rebuilds the file, in place: %s', (inPlace) => {
  fc.assert(
    fc.property(edits(20), fc.integer({ min: 1, max: 300 }), (edit, bufferBytes) => {
      const signature = signatureOf(edit.old, { blockSize: edit.blockSize, full: true });
      const index = new BlockIndex(signature, checksumOf());
      const ops = searchDelta(readerOf(edit.new), edit.new.length, index, { inPlace });
      const result = rebuilt(edit.old, ops, signature, { inPlace, bufferBytes });
      expect(Buffer.compare(result, edit.new)).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test.each(['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1'] as const)(
  'finds blocks with %s',
  (name) => {
    const checksum = checksumOf(name, 12345);
    const old = random(1, 100_000);
    const edited = joined([
      random(2, 77),
      old.subarray(0, 60_000),
      random(3, 9),
      old.subarray(60_000),
    ]);
    for (const full of [false, true]) {
      const signature = signatureOf(old, { checksum, full });
      const tokens = tokensOf(
        searchDelta(readerOf(edited), edited.length, new BlockIndex(signature, checksum)),
      );
      expect(tokens.filter(([kind]) => kind === 'match')).toHaveLength(
        signature.layout.blockCount - 1,
      );
    }
  },
);

test('without a basis, or with an empty one, sends the file in pieces of 32768', () => {
  const bytes = random(1, 300_000);
  const empty = new BlockIndex(signatureOf(new Uint8Array(0)), checksumOf());
  for (const index of [undefined, empty]) {
    const tokens = tokensOf(searchDelta(readerOf(bytes), bytes.length, index));
    expect(tokens).toEqual([...new Array(9).fill(['lit', 32768]), ['lit', 5088]]);
  }
  expect(tokensOf(searchDelta(readerOf(bytes), 0, undefined))).toEqual([]);
});

test('shows every byte once, in order', () => {
  const bytes = random(1, 1_000_000);
  const hashOf = (parts: Uint8Array): Uint8Array => {
    const hash = createStrongHash('sha1');
    hash.update(parts);
    return hash.digest();
  };
  const index = new BlockIndex(signatureOf(bytes.subarray(5)), checksumOf());
  for (const basis of [undefined, index]) {
    const hash = createStrongHash('sha1');
    for (const _ of searchDelta(readerOf(bytes), bytes.length, basis, {
      onData: (part) => hash.update(part),
    }));
    expect(hash.digest()).toEqual(hashOf(bytes));
  }
});

test('takes a file that shrank to be zeros, and tells', () => {
  const bytes = random(1, 50_000);
  const index = new BlockIndex(signatureOf(bytes), checksumOf());
  for (const basis of [undefined, index]) {
    const told: number[] = [];
    let length = 0;
    const options = { onShort: (position: number) => told.push(position) };
    for (const op of searchDelta(readerOf(bytes.subarray(0, 40_000)), 50_000, basis, options)) {
      length += op.kind === 'literal' ? op.bytes.length : op.count * 700;
    }
    expect(told).toEqual([40_000]);
    expect(length).toBe(50_000);
  }
});

test('accepts reads of any length', () => {
  const bytes = random(1, 100_000);
  const signature = signatureOf(bytes.subarray(3));
  const read = (target: Uint8Array, position: number): number =>
    readerOf(bytes)(target.subarray(0, 1 + (position % 5000)), position);
  const index = new BlockIndex(signature, checksumOf());
  expect(tokensOf(searchDelta(read, bytes.length, index))).toEqual(
    tokensOf(searchDelta(readerOf(bytes), bytes.length, index)),
  );
});

test('hands out long runs in parts, joined runs otherwise', () => {
  const bytes = new Uint8Array(10 << 20);
  const index = new BlockIndex(signatureOf(bytes, { blockSize: 1 << 16 }), checksumOf());
  const ops = [...searchDelta(readerOf(bytes), bytes.length, index)];
  expect(ops).toEqual([
    { kind: 'match', block: 0, count: 64 },
    { kind: 'match', block: 64, count: 64 },
    { kind: 'match', block: 128, count: 32 },
  ]);
});

test('searches may run side by side, and be given up', () => {
  const bytes = random(1, 400_000);
  const edited = joined([random(2, 50_000), bytes]);
  const index = new BlockIndex(signatureOf(bytes), checksumOf());
  const expected = tokensOf(searchDelta(readerOf(edited), edited.length, index));
  const given = searchDelta(readerOf(edited), edited.length, index);
  given.next();
  const [a, b] = [0, 1].map(() => searchDelta(readerOf(edited), edited.length, index));
  const found: [unknown[], unknown[]] = [[], []];
  for (;;) {
    const [x, y] = [a!.next(), b!.next()];
    if (!x.done) found[0].push(...tokensOf([x.value]));
    if (!y.done) found[1].push(...tokensOf([y.value]));
    if (x.done && y.done) break;
    if (found[0].length === 3) given.return();
  }
  expect(found).toEqual([expected, expected]);
});

test('stays linear when blocks repeat', () => {
  const length = 8 << 20;
  const zeros = new Uint8Array(length);
  const checksum = checksumOf('xxh128');
  const index = new BlockIndex(signatureOf(zeros, { blockSize: 700, checksum }), checksum);
  const sparse = zeros.slice();
  for (let i = 0; i < length; i += 1371) sparse[i] = 1;
  for (const bytes of [zeros, sparse]) {
    const start = performance.now();
    for (const _ of searchDelta(readerOf(bytes), bytes.length, index));
    expect(performance.now() - start).toBeLessThan(3000);
  }
});

test.each(['md5', 'xxh128'] as const)(
  'stays linear with more than 131,072 blocks, with %s',
  (name) => {
    const count = 150_000;
    const blockSize = 64;
    const bytes = new Uint8Array(randomBytes(count * blockSize));
    const checksum = checksumOf(name);
    const signature = signatureOf(bytes, { blockSize, checksum });
    const index = new BlockIndex(signature, checksum);
    const rotated = joined([bytes.subarray(5_000_001), bytes.subarray(0, 5_000_001)]);
    const other = new Uint8Array(randomBytes(bytes.length));
    for (const [file, found] of [
      [bytes, count],
      [rotated, count - 1],
      [other, 0],
    ] as const) {
      const start = performance.now();
      let blocks = 0;
      for (const op of searchDelta(readerOf(file), file.length, index)) {
        if (op.kind === 'match') blocks += op.count;
      }
      expect(performance.now() - start).toBeLessThan(3000);
      expect(blocks).toBe(found);
    }
  },
);

test('finds the same where WebAssembly SIMD is missing', () => {
  const bytes = random(1, 300_000);
  const edited = joined([
    random(2, 1000),
    bytes.subarray(0, 200_000),
    random(3, 1),
    bytes.subarray(200_000),
  ]);
  const index = new BlockIndex(signatureOf(bytes), checksumOf());
  const tokens = tokensOf(searchDelta(readerOf(edited), edited.length, index));
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(tokensOf(searchDelta(readerOf(edited), edited.length, index))).toEqual(tokens);
  expect(validate).toHaveBeenCalled();
  validate.mockRestore();
});

test('finds long blocks at any offset', () => {
  const bytes = random(1, 500_000);
  const signature = signatureOf(bytes, { blockSize: 70_001 });
  const index = new BlockIndex(signature, checksumOf());
  const edited = joined([random(2, 40_003), bytes]);
  expect(tokensOf(searchDelta(readerOf(edited), edited.length, index))).toEqual([
    ['lit', 32768],
    ['lit', 7235],
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((block) => ['match', block]),
  ]);
});

test('an empty file needs nothing', () => {
  const index = new BlockIndex(signatureOf(random(1, 5000)), checksumOf());
  expect([...searchDelta(readerOf(new Uint8Array(0)), 0, index)]).toEqual([]);
});

test('a basis shorter than a block is found at the very end only', () => {
  const basis = random(1, 300);
  const index = new BlockIndex(signatureOf(basis), checksumOf());
  const bytes = joined([basis, random(2, 100_000), basis]);
  const tokens = tokensOf(searchDelta(readerOf(bytes), bytes.length, index));
  expect(tokens.at(-1)).toEqual(['match', 0]);
  expect(tokens.map(([, length]) => length).slice(0, -1)).toEqual([32768, 32768, 32768, 1996]);
});
