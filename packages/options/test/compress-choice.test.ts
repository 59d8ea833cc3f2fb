import { expect, test } from 'vitest';
import { resolveCompression } from '../src/compress-choice.ts';
import { OptionError, parseCommandLine, parseServerArguments } from '../src/index.ts';

const resolve = (request: Partial<Parameters<typeof resolveCompression>[0]>) =>
  resolveCompression({ count: 0, choice: undefined, level: undefined, ...request });

test('nothing, -z, -zz and a level', () => {
  expect(resolve({})).toBeUndefined();
  expect(resolve({ count: 1 })).toEqual({ name: 'auto', text: undefined });
  expect(resolve({ count: 2 })).toEqual({ name: 'zlibx', text: 'zlibx' });
  expect(resolve({ level: 0 })).toEqual({ name: 'auto', text: undefined });
});

test('a choice counts before -zz; auto is none', () => {
  expect(resolve({ count: 2, choice: 'ZSTD' })).toEqual({ name: 'zstd', text: 'ZSTD' });
  expect(resolve({ choice: 'NONE' })).toEqual({ name: 'none', text: 'none' });
  expect(resolve({ choice: 'auto' })).toBeUndefined();
  expect(resolve({ choice: 'AUTO', count: 1 })).toEqual({ name: 'auto', text: undefined });
});

test.for(['foo', '', 'zlib,zstd'])('unknown name: %j', (choice) => {
  expect(() => resolve({ choice })).toThrow(
    new OptionError(`unknown compress name: ${choice}`, 'NOT_SUPPORTED', 4),
  );
  expect(() => resolve({ choice })).toThrow(expect.objectContaining({ exitCode: 4 }));
});

test('RSYNC_COMPRESS_LIST reaches client and server', () => {
  const env = { RSYNC_COMPRESS_LIST: 'lz4&zlib none' };
  expect(parseCommandLine(['-z', 'a', 'b'], env).options.compressList).toEqual(['lz4']);
  const server = parseServerArguments(['--server', '-z', '.', 'b'], [], { env });
  expect(server.compressList).toEqual(['zlib', 'none']);
  expect(server.compress).toBe('auto');
  expect(parseServerArguments(['--server', '-z', '.', 'b']).compressList).toBeUndefined();
});
