import { expect, test } from 'vitest';
import { findProgram, findRsync, runProcess } from '../src/index.ts';

test('finds the real program', async () => {
  expect((await runProcess([findRsync(), '--version'])).output).toMatch(/^rsync +version 3\./);
});

test('says how to install what is missing', () => {
  expect(() => findProgram('no-such-program', 'some-package')).toThrow(
    'no-such-program is not installed: apt-get install some-package',
  );
});
