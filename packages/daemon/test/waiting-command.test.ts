import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { WaitingCommand } from '../src/waiting-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'waiting-'));
afterAll(() => rmSync(directory, { recursive: true }));

const command = (text: string, variables: readonly (readonly [string, string])[] = []) =>
  new WaitingCommand({
    command: text,
    env: process.env,
    variables: new Map(variables),
    captures: true,
  });

test('variables and input arrive byte for byte', async () => {
  const awkward = 'it\'s "$HOME" `x` \\ \xff\xe4\n two';
  const { status, output } = await command('printf "%s|%s|" "$A" "$B"; cat', [['A', awkward]]).run(
    new Map([['B', '']]),
    Buffer.from('in\0put'),
  );
  expect({ status, output }).toEqual({ status: 0, output: `${awkward}||in\0put` });
});

test.each([
  ['exit 3', 768],
  ['kill -9 $$', 256],
  ['/does/not/exist 2>/dev/null', 127 * 256],
])('%s gives %i', async (text, status) => {
  expect((await command(text).run(new Map())).status).toBe(status);
});

test('output is bounded', async () => {
  const { output } = await command('head -c 100000 /dev/zero | tr "\\0" x').run(new Map());
  expect(output).toBe('x'.repeat(5120));
});

test('what is dismissed never runs', async () => {
  const file = join(directory, 'dismissed');
  const waiting = command(`touch ${file}`);
  waiting.dismiss();
  waiting.dismiss();
  await sleep(200);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

test('it runs after the death of its process, when it shall', async () => {
  const file = join(directory, 'after');
  const module = new URL('../src/waiting-command.ts', import.meta.url).href;
  const script = `
    import { WaitingCommand } from ${JSON.stringify(module)};
    const o = { env: process.env, variables: new Map(), captures: false };
    new WaitingCommand({ ...o, command: 'echo $S >> ${file}', atDeath: new Map([['S', '-1']]) });
    new WaitingCommand({ ...o, command: 'echo no >> ${file}' });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);`;
  const args = ['--input-type=module', '--conditions=@deltawire/source', '-e', script];
  expect(() => execFileSync(process.execPath, args)).toThrow();
  await expect.poll(() => readFileSync(file, 'utf8')).toBe('-1\n');
});
