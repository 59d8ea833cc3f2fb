import { expect, test } from 'vitest';
import { FileWindow } from '../src/file-window.ts';
import { readerOf } from './deltas.ts';
import { joined, random } from './segments.ts';

test('slides over a file, reading every byte once', () => {
  const file = random(1, 1000);
  const seen: Uint8Array[] = [];
  const window = new FileWindow(new Uint8Array(300), {
    read: readerOf(file),
    fileLength: file.length,
    onData: (bytes) => seen.push(bytes.slice()),
  });
  for (const keepFrom of [0, 100, 250, 250, 549, 800]) {
    window.slide(keepFrom);
    expect(window.start).toBe(keepFrom);
    expect(window.end).toBe(Math.min(1000, keepFrom + 300));
    expect(window.bytes.slice(0, window.end - window.start)).toEqual(
      file.slice(window.start, window.end),
    );
  }
  expect(joined(seen)).toEqual(file);
});

test('fills up with zeros behind the end of a file that shrank', () => {
  const told: number[] = [];
  const window = new FileWindow(new Uint8Array(64).fill(9), {
    read: readerOf(new Uint8Array(40).fill(7)),
    fileLength: 100,
    onShort: (position) => told.push(position),
  });
  window.slide(0);
  window.slide(50);
  expect(window.end).toBe(100);
  expect(window.bytes.subarray(0, 50)).toEqual(new Uint8Array(50));
  expect(told).toEqual([40]);
});
