import { expect, test } from 'vitest';
import { showText } from '../src/show.ts';
import { realRsync } from './real-rsync.ts';

test.each(['info', 'debug'] as const)('--%s=help is that of rsync', (word) => {
  expect(showText(`${word}-help`)).toBe(realRsync('/', [`--${word}=help`]).stdout);
});

test('help begins with who is speaking', () => {
  for (const request of ['help', 'daemon-help', 'version'] as const) {
    expect(showText(request)).toMatch(/^rsync {2}version /);
  }
  expect(showText('help')).toContain('Usage: deltawire [OPTION]... SRC [SRC]... DEST');
  expect(() => JSON.parse(showText('version-json')) as unknown).not.toThrow();
});
