import { createStrongHash } from '@deltawire/checksums';
import { planBlocks } from '@deltawire/signature';
import { expect, test } from 'vitest';
import { DeltaApplier, type DeltaApplierOptions } from '../src/apply.ts';
import { readerOf } from './deltas.ts';
import { joined, random } from './segments.ts';

const basis = random(1, 2500);
const layout = planBlocks(basis.length, { protocol: 31, digestLength: 16, blockSize: 700 });

interface Log {
  readonly applier: DeltaApplier;
  readonly reads: [position: number, length: number][];
  readonly writes: [position: number, length: number][];
  result(): Uint8Array;
}

function logged(options: Partial<DeltaApplierOptions> = {}): Log {
  const reads: Log['reads'] = [];
  const writes: Log['writes'] = [];
  const parts: Uint8Array[] = [];
  const applier = new DeltaApplier({
    layout,
    readBasis: (target, position) => {
      reads.push([position, target.length]);
      return readerOf(basis)(target, position);
    },
    write: (bytes, position) => {
      writes.push([position, bytes.length]);
      parts.push(bytes.slice());
    },
    ...options,
  });
  return { applier, reads, writes, result: () => joined(parts) };
}

test('joins adjacent blocks into one read, and pieces into one write', () => {
  const { applier, reads, writes, result } = logged();
  applier.match(1);
  applier.match(2);
  applier.literal(random(2, 10));
  applier.match(3);
  applier.match(0);
  expect(applier.finish()).toEqual({ length: 2510, literalBytes: 10, matchedBytes: 2500 });
  expect(reads).toEqual([
    [700, 1400],
    [2100, 400],
    [0, 700],
  ]);
  expect(writes).toEqual([[0, 2510]]);
  expect(result()).toEqual(
    joined([
      basis.subarray(700, 2100),
      random(2, 10),
      basis.subarray(2100),
      basis.subarray(0, 700),
    ]),
  );
});

test('writes long literals without gathering them', () => {
  const { applier, writes } = logged();
  applier.literal(random(1, 100));
  applier.literal(random(2, 40_000));
  applier.literal(random(3, 100));
  applier.finish();
  expect(writes).toEqual([
    [0, 100],
    [100, 40_000],
    [40_100, 100],
  ]);
});

test('keeps to a small buffer', () => {
  const { applier, writes, result } = logged({ bufferBytes: 300 });
  for (const block of [0, 1, 2, 3]) applier.match(block);
  applier.literal(random(5, 299));
  applier.finish();
  expect(Math.max(...writes.map(([, length]) => length))).toBe(300);
  expect(result()).toEqual(joined([basis, random(5, 299)]));
});

test('in place, what stays where it is is hashed but not written', () => {
  const hash = createStrongHash('md5');
  const { applier, reads, writes } = logged({ inPlace: true, hash });
  applier.match(0);
  applier.match(1);
  applier.literal(random(2, 700));
  applier.match(3);
  expect(applier.finish()).toEqual({ length: 2500, literalBytes: 700, matchedBytes: 1800 });
  expect(writes).toEqual([[1400, 700]]);
  expect(reads).toEqual([
    [0, 1400],
    [2100, 400],
  ]);
  const expected = createStrongHash('md5');
  expected.update(joined([basis.subarray(0, 1400), random(2, 700), basis.subarray(2100)]));
  expect(hash.digest()).toEqual(expected.digest());
});

test('in place without a hash, what stays is not even read', () => {
  const { applier, reads, writes } = logged({ inPlace: true });
  for (const block of [0, 1, 2, 3]) applier.match(block);
  expect(applier.finish().length).toBe(2500);
  expect([reads, writes]).toEqual([[], []]);
});

test('in place, a block that moves is written', () => {
  const { applier, writes } = logged({ inPlace: true });
  applier.match(1);
  applier.finish();
  expect(writes).toEqual([[0, 700]]);
});

test('appends behind what is there', () => {
  const { applier, writes } = logged({ start: 5000 });
  applier.literal(random(1, 10));
  expect(applier.finish()).toMatchObject({ length: 5010, literalBytes: 10 });
  expect(writes).toEqual([[5000, 10]]);
});

test('refuses blocks that are not there', () => {
  expect(() => logged({ readBasis: undefined }).applier.match(0)).toThrow(
    expect.objectContaining({ code: 'NO_BASIS' }),
  );
  for (const block of [-1, 4, Number.NaN]) {
    expect(() => logged().applier.match(block)).toThrow(
      expect.objectContaining({ code: 'BLOCK_RANGE' }),
    );
  }
  const short = logged({ readBasis: readerOf(basis.subarray(0, 1000)) }).applier;
  short.match(1);
  expect(() => short.finish()).toThrow(expect.objectContaining({ code: 'BASIS_SHORT' }));
});
