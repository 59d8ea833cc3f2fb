import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';

const load = (configText: string, dparam?: string[]) =>
  loadConfig({ configText }, { env: { HOME: '/root' }, ...(dparam ? { dparam } : {}) });

describe('types and defaults', () => {
  test("an empty module has rsync's defaults", () => {
    const [module] = load('[m]\npath = /srv/m//\n').modules;
    expect(module).toMatchObject({
      name: 'm',
      path: '/srv/m',
      list: true,
      readOnly: true,
      writeOnly: false,
      strictModes: true,
      maxConnections: 0,
      timeout: 0,
      maxVerbosity: 1,
      mungeSymlinks: undefined,
      reverseLookup: true,
    });
  });

  test('booleans, numbers, variables', () => {
    const { modules, warnings } = load(
      '[m]\nread only = FALSE\nlist = 0\nmax connections = -3x\ntimeout = junk\n' +
        'strict modes = maybe\npath = %HOME%/%NOPE%/%%\n',
    );
    expect(modules[0]).toMatchObject({
      readOnly: false,
      list: false,
      maxConnections: -3,
      timeout: 0,
      strictModes: true,
      path: '/root/%NOPE%/%%',
    });
    expect(warnings).toEqual(['badly formed boolean "maybe" for "strict modes"']);
  });

  test('a port of 0 is not the same as none', () => {
    expect(load('').global.port).toBeUndefined();
    expect(load('port = 0').global.port).toBe(0);
    expect(load('rsync port = 8730').global.port).toBe(8730);
  });

  test('--dparam sets globals and defaults', () => {
    const settings = load('[m]\npath = /m\n[n]\npath = /n\ntimeout = 3', ['port=9', 'timeout=7']);
    expect(settings.global.port).toBe(9);
    expect(settings.modules.map(({ timeout }) => timeout)).toEqual([7, 3]);
    expect(() => load('', ['nope=1'])).toThrow('unknown parameter in --dparam=nope=1');
  });
});

describe('what is not honoured yet is refused by name', () => {
  test.each([
    ['daemon chroot = /x\n[m]\npath = /', '"daemon chroot" is not honoured yet'],
    ['daemon chroot = /srv', '"daemon chroot" is not honoured yet'],
  ])('%j', (text, message) => {
    expect(() => load(text)).toThrow(
      expect.objectContaining({ exitCode: 4, message: `rsyncd.conf: ${message}` }) as Error,
    );
  });

  test('asking for what happens anyway is fine', () => {
    load('daemon chroot =\n[m]\nuse chroot = no\nfake super = false\nearly exec =\n');
  });
});

test('where rsync would change its root, the log says that we do not and ids are numeric', () => {
  const { modules, warnings } = load(
    '[a]\npath = /a\nuse chroot = yes\n[b]\npath = /b\nuse chroot = no',
  );
  expect(warnings).toEqual([
    '"use chroot" is not possible here: paths are confined as with "use chroot = no" in a',
  ]);
  const root = process.getuid?.() === 0;
  expect(modules.map(({ numericIds }) => numericIds)).toEqual([root, false]);
  expect(load('[m]\npath = /m\nnumeric ids = no').modules[0]?.numericIds).toBe(false);
});

describe('objects', () => {
  test('are read like files, text becoming bytes', () => {
    const settings = loadConfig(
      {
        port: 0,
        reverseLookup: false,
        modules: {
          'p\u00e4b': {
            path: '/p\u00e4',
            readOnly: false,
            authUsers: ['a', 'b'],
            maxConnections: 2,
          },
        },
      },
      { env: {} },
    );
    expect(settings.global).toMatchObject({ port: 0, reverseLookup: false });
    expect(settings.modules[0]).toMatchObject({
      name: 'p\xc3\xa4b',
      path: '/p\xc3\xa4',
      readOnly: false,
      authUsers: 'a b',
      maxConnections: 2,
      reverseLookup: false,
    });
  });

  test('do not take unknown names', () => {
    const modules = { m: { path: '/', redOnly: true } as never };
    expect(() => loadConfig({ modules }, { env: {} })).toThrow(
      'unknown daemon parameter "redOnly"',
    );
  });
});

test('a file that is missing or spoilt ends with exit code 1', () => {
  const failure = (
    source: { configFile: string } | { configText: string },
    message: string,
  ): void =>
    expect(() => loadConfig(source, { env: {} })).toThrow(
      expect.objectContaining({ exitCode: 1, message: expect.stringContaining(message) }) as Error,
    );
  failure({ configFile: '/no/such/rsyncd.conf' }, 'unable to open config file');
  failure({ configText: '[a/b]' }, '"/" in module name');
});
