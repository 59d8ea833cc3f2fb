import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../src/index.ts';

test('goes away with its scope', () => {
  let path: string;
  {
    using dir = temporaryDirectory();
    path = dir.path;
    writeFileSync(dir.join('a'), '');
    expect(existsSync(path)).toBe(true);
  }
  expect(existsSync(path)).toBe(false);
});
