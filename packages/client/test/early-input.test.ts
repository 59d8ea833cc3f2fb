import { writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { readEarlyInput } from '../src/early-input.ts';

test('a file as it is, up to what a daemon takes', () => {
  using directory = temporaryDirectory('early-');
  const path = directory.join('file');
  for (const size of [0, 1, 5120]) {
    writeFileSync(path, Buffer.alloc(size, 7));
    expect(readEarlyInput(path)).toEqual(new Uint8Array(size).fill(7));
  }
  writeFileSync(path, Buffer.alloc(5121));
  expect(() => readEarlyInput(path)).toThrow(`${path} is > 5120 bytes.`);
  expect(() => readEarlyInput(directory.join('none'))).toThrow(
    expect.objectContaining({ exitCode: 5, message: expect.stringContaining('failed to open') }),
  );
});
