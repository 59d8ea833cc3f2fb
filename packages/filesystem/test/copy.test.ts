import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { copyContents } from '../src/copy.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('copies bytes over an existing file', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/a`, 'source');
  writeFileSync(`${at}/b`, 'something longer');
  copyContents(`${at}/a`, `${at}/b`);
  expect(readFileSync(`${at}/b`, 'utf8')).toBe('source');
});
