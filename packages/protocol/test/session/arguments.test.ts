import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArgumentsDecoder, encodeArguments, encodeSecludedArguments } from '../../src/index.ts';
import { everySplit, inChunks } from '../splits.ts';
import { concat, hex } from '../vectors.ts';

const nul = { nulArguments: true };
const lf = { nulArguments: false };
const encoder = new TextEncoder();

test('a captured block', () => {
  const args = ['--server', '--sender', '-logDtpre.iLsfxCIvu', '--checksum-seed=1', '.', 'pub/'];
  const text = '--server\0--sender\0-logDtpre.iLsfxCIvu\0--checksum-seed=1\0.\0pub/\0\0';
  expect(hex(encodeArguments(args, nul))).toBe(hex(encoder.encode(text)));
  const old = encodeArguments(args, lf);
  expect(hex(old)).toBe(hex(encoder.encode(text.replaceAll('\0', '\n'))));
});

test('a captured secluded block', () => {
  const text = 'rsync\0--checksum-seed=1\0.\0src/sp ace/\0src/a.txt\0\0';
  const args = ['--checksum-seed=1', '.', 'src/sp ace/', 'src/a.txt'];
  expect(hex(encodeSecludedArguments(args))).toBe(hex(encoder.encode(text)));
  expect(hex(encodeSecludedArguments(['']))).toBe(hex(encoder.encode('rsync\0.\0\0')));
});

test('an argument that would end the block cannot be sent', () => {
  expect(() => encodeArguments([''], nul)).toThrow(RangeError);
  expect(() => encodeArguments(['a\nb'], lf)).toThrow(RangeError);
  expect(encodeArguments(['a\nb'], nul)).toHaveLength(5);
});

test('every way to cut a block, with bytes behind it', () => {
  for (const chunks of everySplit(encoder.encode('a\0bc\0\0x\0'))) {
    const decoder = new ArgumentsDecoder(nul);
    const behind: Uint8Array[] = [];
    for (const chunk of chunks) behind.push(decoder.done ? chunk : decoder.push(chunk));
    expect(decoder.done).toBe(true);
    expect(decoder.args).toEqual(['a', 'bc']);
    expect(hex(concat(behind))).toBe('7800');
  }
});

test('an over-long argument is cut, not taken for the end', () => {
  const decoder = new ArgumentsDecoder(nul);
  for (const chunk of inChunks(encoder.encode(`${'x'.repeat(6000)}\0y\0\0`), 999)) {
    decoder.push(chunk);
  }
  expect(decoder.args.map((arg) => arg.length)).toEqual([5119, 1]);
});

test('arguments survive', () => {
  const arg = fc.string({ unit: 'binary-ascii', minLength: 1 });
  fc.assert(
    fc.property(fc.array(arg), fc.integer({ min: 1, max: 9 }), (args, size) => {
      const words = args.map((word) => word.replaceAll('\0', '0'));
      const decoder = new ArgumentsDecoder(nul);
      for (const chunk of inChunks(encodeArguments(words, nul), size)) decoder.push(chunk);
      expect(decoder.args).toEqual(words);
      expect(decoder.done).toBe(true);
    }),
  );
});
