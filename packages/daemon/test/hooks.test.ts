import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { Hooks, hookCommand } from '../src/hooks.ts';

const directory = mkdtempSync(join(tmpdir(), 'hooks-'));
const file = join(directory, 'said');
afterAll(() => rmSync(directory, { recursive: true }));

function hooks(config: string, env: Record<string, string> = {}): Hooks {
  const settings = loadConfig({ configText: `[m]\npath = /srv/m\n${config}` }, { env: {} });
  const module = settings.modules[0];
  if (!module) throw new Error('no module');
  const host = { address: '192.0.2.1', name: 'peer.example' };
  const subject = { module, path: '/srv/m', host, user: 'alice' };
  return Hooks.start(subject, { PATH: process.env.PATH, ...env });
}

describe('hookCommand', () => {
  const variables = (value: string) => new Map([['RSYNC_USER_NAME', value]]);

  test('replaces what is known', () => {
    const text = 'run %RSYNC_USER_NAME% "%HOME%" %RSYNC_PID% %% %x%';
    expect(hookCommand(text, variables('al@ice'), { HOME: '/my home' })).toBe(
      'run al@ice "/my home" %RSYNC_PID% %% %x%',
    );
  });

  test.each([...' \'"`$\\;&|<>()*?[]#!~{}\n\t\x01\x7f'])('refuses %j in a value', (character) => {
    const value = `a${character}b`;
    expect(() => hookCommand('%RSYNC_USER_NAME%', variables(value), {})).toThrow(
      'refusing to run shell hook: %RSYNC_USER_NAME% holds a shell metacharacter',
    );
    expect(hookCommand('no variable', variables(value), {})).toBe('no variable');
  });
});

test('all three learn what they may know', async () => {
  const print = `env | grep ^RSYNC_ | grep -v PID | sort | tr '\\n' ' '`;
  const h = hooks(
    ['early', 'pre-xfer', 'post-xfer']
      .map((x) => `${x} exec = { ${print}; echo; } >> ${file}`)
      .join('\n'),
  );
  await h.early(new Uint8Array(0));
  expect(await h.before(['m/a', 'm/b'], ['--server', '.', 'a', 'b'])).toBeUndefined();
  h.finish(23);
  const host = 'RSYNC_HOST_ADDR=192.0.2.1 RSYNC_HOST_NAME=peer.example ';
  const module = 'RSYNC_MODULE_NAME=m RSYNC_MODULE_PATH=/srv/m ';
  const args = ['rsyncd', '--server', '.', 'a', 'b'].map((a, i) => `RSYNC_ARG${i}=${a} `).join('');
  await expect
    .poll(() => readFileSync(file, 'utf8'))
    .toBe(
      `${host}${module}RSYNC_REQUEST=(NONE) RSYNC_USER_NAME=alice \n` +
        `${args}${host}${module}RSYNC_REQUEST=m/a m/b RSYNC_USER_NAME=alice \n` +
        `RSYNC_EXIT_STATUS=23 ${host}${module}RSYNC_RAW_STATUS=5888 RSYNC_USER_NAME=alice \n`,
    );
});

test('what fails is told', async () => {
  const h = hooks('early exec = exit 1\npre-xfer exec = echo sorry; exit 3');
  await expect(h.early(new Uint8Array(0))).rejects.toThrow('early exec failed');
  expect(await h.before([], [])).toBe('pre-xfer exec returned failure (768):\nsorry\n');
  h.finish(0);
});

test('early exec reads what the client had for it', async () => {
  const h = hooks('early exec = test "$(cat)" = open');
  await h.early(Buffer.from('open'));
});

test('RSYNC_NO_XFER_EXEC runs nothing', async () => {
  const h = hooks('early exec = exit 1\npre-xfer exec = exit 1', { RSYNC_NO_XFER_EXEC: '1' });
  await h.early(new Uint8Array(0));
  expect(await h.before([], [])).toBeUndefined();
});

test('RSYNC_SHELL runs the commands', async () => {
  const h = hooks('pre-xfer exec = whatever', { RSYNC_SHELL: '/bin/false' });
  expect(await h.before([], [])).toBe('pre-xfer exec returned failure (256)\n');
});
