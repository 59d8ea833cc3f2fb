import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { sourceNamer } from '../../src/output/source-name.ts';
import { realRsync } from '../real-rsync.ts';

test.each([
  [['s/', 't']],
  [['s', 't']],
  [['./s/', 't']],
  [['./s/d', 's/a', 't']],
  [['.', '../t']],
  [['s/d/../a', 's/d', 't']],
])('sourceNamer agrees with %%f of rsync: %j', (args) => {
  using directory = temporaryDirectory();
  const cwd = join(directory.path, 'w');
  mkdirSync(join(cwd, 's/d'), { recursive: true });
  writeFileSync(join(cwd, 's/a'), 'x');
  writeFileSync(join(cwd, 's/d/b'), 'x');
  const { stdout } = realRsync(cwd, ['-a', '--out-format=%n|%f', ...args]);
  const name = sourceNamer({ relative: false, args });
  for (const line of stdout.split('\n')) {
    const [shown, path] = line.split('|');
    if (path === undefined) continue;
    expect(name(shown!.replace(/\/$/, ''), shown!.endsWith('/'))).toBe(path);
  }
});

test('absolute names lose their leading slash', () => {
  expect(sourceNamer({ relative: false, args: ['/x/y/s', 't'] })('s/a', false)).toBe('x/y/s/a');
  expect(sourceNamer({ relative: true, args: ['/x/y', 't'] })('/x/y', true)).toBe('x/y');
});
