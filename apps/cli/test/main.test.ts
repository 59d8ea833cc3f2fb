import { expect, test } from 'vitest';
import { main } from '../src/main.ts';
import { ConsoleWriter } from '../src/output/writer.ts';
import { realRsync } from './real-rsync.ts';

async function run(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const printed = { 1: '', 2: '' };
  const writer = new ConsoleWriter((fd, bytes) => {
    printed[fd] += Buffer.from(bytes).toString('latin1');
    return undefined;
  });
  const code = await main(argv, { env: { LANG: 'C.UTF-8' }, writer });
  await writer.flush();
  return { code, stdout: printed[1], stderr: printed[2] };
}

test('--version is standard output and exit code 0', async () => {
  const { code, stdout, stderr } = await run('--version');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^rsync {2}version 3\.5\.0 {2}protocol version 32\n/);
  expect(stderr).toBe('');
});

/** Ours without the tag of its last line, which names another program. */
const said = (stderr: string): string => stderr.replace(/ at \S+ \[.*\]\n$/, '');

test.each([
  [['--bogus', 'a', 'b']],
  [['--delete', 'a', 'b']],
  [['--max-size=zz', 'a', 'b']],
  [['--info=foo', 'a', 'b']],
])('mistakes are answered as rsync answers them: %j', async (argv) => {
  const ours = await run(...argv);
  const real = realRsync('/', argv);
  expect(said(ours.stderr)).toBe(said(real.stderr));
  expect(ours.code).toBe(real.status);
});

test('what cannot be done is refused by name with exit code 4', async () => {
  const { code, stderr } = await run('-a', '-M--copy-as=nobody', 'a', 'b');
  expect(code).toBe(4);
  expect(stderr).toContain('--copy-as');
});

test('no arguments show the usage on standard error', async () => {
  const { code, stdout, stderr } = await run();
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('Usage: deltawire');
});
