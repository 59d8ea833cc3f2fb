import { expect, test } from 'vitest';
import { runProcess } from '../src/index.ts';

test('captures output, errors and exit code', async () => {
  const result = await runProcess(['sh', '-c', 'cat; echo "$X" >&2; exit 3'], {
    input: 'in',
    env: { X: 'y' },
  });
  expect(result).toMatchObject({ code: 3, signal: null, output: 'in', errors: 'y\n' });
});

test('kills what runs too long, with its children', async () => {
  await expect(runProcess(['sh', '-c', 'sleep 60 & wait'], { timeoutMs: 50 })).rejects.toThrow(
    'no end after 50 ms',
  );
});

test('variables that steer rsync are not passed on', async () => {
  process.env.RSYNC_TEST_VARIABLE = '1';
  expect((await runProcess(['env'])).output).not.toContain('RSYNC_TEST_VARIABLE');
  delete process.env.RSYNC_TEST_VARIABLE;
});
