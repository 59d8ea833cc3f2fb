import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { type EnteredModule, enterModule, planModule } from '../src/module.ts';
import type { ServeContext } from '../src/serve-context.ts';

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'module-')));
symlinkSync(directory, join(directory, 'alice'));
afterAll(() => rmSync(directory, { recursive: true }));

function entered(config: string, user = ''): EnteredModule {
  const settings = loadConfig({ configText: `[m]\n${config}` }, { env: {} });
  const module = settings.modules[0];
  if (!module) throw new Error('no module');
  const context: ServeContext = {
    settings,
    env: {},
    ownProcess: false,
    deadlines: false,
    claimSlot: async () => undefined,
  };
  return enterModule(planModule(module, user, context), context);
}

const enter = (config: string, user = ''): string => entered(config, user).root;

test('the root is absolute and without links', () => {
  expect(enter(`path = ${directory}/./alice/`)).toBe(directory);
  expect(enter(`path = ${directory}/%RSYNC_USER_NAME%`, 'alice')).toBe(directory);
});

test('symlinks are munged below a root, unless told otherwise', () => {
  const munged = (config: string): boolean => entered(config).mungesSymlinks;
  expect(munged(`path = ${directory}`)).toBe(true);
  expect(munged(`path = ${directory}\nmunge symlinks = no`)).toBe(false);
  expect(munged('path = /')).toBe(false);
  expect(munged('path = /\nmunge symlinks = yes')).toBe(true);
});

test.each([
  ['comment = x', 'no path setting.'],
  [`path = ${directory}/nope`, 'chdir failed'],
  ['path = /etc/passwd', 'chdir failed'],
])('%s is refused', (config, message) => {
  expect(() => enter(config)).toThrow(message);
});

test.runIf(process.getuid?.() === 0)('unknown users and groups are refused', () => {
  expect(() => enter(`path = ${directory}\nuid = no such`)).toThrow('invalid uid no such');
  expect(() => enter(`path = ${directory}\ngid = nosuch`)).toThrow('invalid gid nosuch');
});
