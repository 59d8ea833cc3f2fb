import { expect, test } from 'vitest';
import { COMPRESSORS, environmentNames } from '../src/name-list.ts';

const names = (text: string | undefined, isServer = false): string[] | undefined =>
  environmentNames(text, isServer, COMPRESSORS);

test('text before the ampersand is for clients, after it for servers', () => {
  expect(names('zlib&lz4')).toEqual(['zlib']);
  expect(names('zlib&lz4', true)).toEqual(['lz4']);
  expect(names('zlib')).toEqual(['zlib']);
  expect(names('zlib', true)).toEqual(['zlib']);
  expect(names('&zlib')).toBeUndefined();
  expect(names('zlib&', true)).toBeUndefined();
});

test('nothing chooses nothing, and only unknown names leave none', () => {
  expect(names(undefined)).toBeUndefined();
  expect(names(' ')).toBeUndefined();
  expect(names('foo zlibx,zlib auto')).toEqual([]);
});

test('names stay as written, each once', () => {
  expect(names('zstd zlib ZLIB xx zlib zstd')).toEqual(['zstd', 'zlib']);
  expect(names(' ZSTD  none')).toEqual(['ZSTD', 'none']);
});
