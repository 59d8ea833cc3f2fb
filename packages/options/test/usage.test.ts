import { afterAll, expect, test } from 'vitest';
import { daemonUsage, OPTION_TABLE, usage } from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

const optionLines = (text: string): string[] =>
  text.split('\n').filter((line) => /^(-| {25}\S)/.test(line));

/** Help lines of options with one of these states. */
const linesWith = (status: string): string[] =>
  OPTION_TABLE.filter((row) => row.status === status).flatMap((row) =>
    row.help.map(([spelling, text]) => `${spelling.padEnd(24)} ${text}`),
  );

test('every line of the real help is there, and only ours are more', async () => {
  const { stdout } = await real.run(['--help']);
  const own = linesWith('own');
  expect(own.length).toBe(3);
  expect(optionLines(usage()).sort()).toEqual([...optionLines(stdout), ...own].sort());
});

test('options keep the order of the real help', async () => {
  const { stdout } = await real.run(['--help']);
  const order = optionLines(stdout);
  for (const status of ['implemented', 'refused']) {
    const lines = linesWith(status);
    expect(lines).toEqual(order.filter((line) => lines.includes(line)));
  }
});

test('the daemon’s help has the real lines', async () => {
  const { stdout } = await real.run(['--daemon', '--help']);
  const own = linesWith('own').filter((line) => /signature|pipeline/.test(line));
  expect(own).toHaveLength(2);
  expect(optionLines(daemonUsage())).toEqual([...optionLines(stdout), ...own]);
});
