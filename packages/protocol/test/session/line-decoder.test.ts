import { expect, test } from 'vitest';
import { LineDecoder } from '../../src/index.ts';
import { everySplit } from '../splits.ts';
import { concat, hex } from '../vectors.ts';

const encoder = new TextEncoder();

test('every way to cut some lines', () => {
  const stream = encoder.encode('a\r\n\nbc\nde');
  for (const chunks of everySplit(stream)) {
    const decoder = new LineDecoder();
    const lines = chunks.flatMap((chunk) => [...decoder.push(chunk)]);
    expect(lines).toEqual(['a', '', 'bc']);
    expect(hex(decoder.rest())).toBe('6465');
    expect(decoder.rest()).toHaveLength(0);
  }
});

test('binary data behind the last line stays as it is', () => {
  const stream = concat([encoder.encode('@RSYNCD: OK\n'), Uint8Array.of(0x81, 0xff, 0x0a, 0, 1)]);
  for (const chunks of everySplit(stream)) {
    const decoder = new LineDecoder();
    const rest: Uint8Array[] = [];
    let binary = false;
    for (const chunk of chunks) {
      if (binary) rest.push(chunk);
      else {
        for (const line of decoder.push(chunk)) {
          expect(line).toBe('@RSYNCD: OK');
          binary = true;
          rest.push(decoder.rest());
          break;
        }
      }
    }
    expect(hex(concat(rest))).toBe('81ff0a0001');
  }
});

test('next() asks for one line', () => {
  const decoder = new LineDecoder();
  decoder.push(encoder.encode('x\ny\n'));
  expect([decoder.next(), decoder.next(), decoder.next()]).toEqual(['x', 'y', undefined]);
});

test('NUL in a line is an error', () => {
  const decoder = new LineDecoder();
  decoder.push(encoder.encode('a\0b\n'));
  expect(() => decoder.next()).toThrow(expect.objectContaining({ exitCode: 5 }));
});
