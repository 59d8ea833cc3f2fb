import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, parseConfigText } from '../src/config-file.ts';

const values = (text: string, module?: string): Record<string, string> => {
  const config = parseConfigText(text);
  const found = config.modules.find(({ name }) => name === module);
  return Object.fromEntries(module === undefined ? config.global : (found?.values ?? []));
};

describe('syntax', () => {
  test('names ignore case and spaces, values keep them', () => {
    expect(values('  Use Chroot = No  \r\nMOTDFILE=/etc/a b\n')).toEqual({
      usechroot: 'No',
      motdfile: '/etc/a b',
    });
  });

  test('comments fill a line, not part of one', () => {
    expect(values('# x\n ; y\ncomment = a # b ; c\n')).toEqual({ comment: 'a # b ; c' });
  });

  test('a backslash at the end joins lines and keeps their spaces', () => {
    expect(values('comment = continued \\\n   line\n')).toEqual({
      comment: 'continued    line',
    });
  });

  test('the first = splits', () => {
    expect(values('comment = a = b')).toEqual({ comment: 'a = b' });
  });

  test('unknown, misplaced and badly formed lines are warned about and ignored', () => {
    const config = parseConfigText('frob = 1\nnonsense\n[m]\nport = 5\n', 'c');
    expect(config.warnings).toEqual([
      'c:1: unknown parameter "frob"',
      'c:2: ignoring badly formed line "nonsense"',
      'c:4: global parameter "port" in module "m"',
    ]);
  });
});

describe('sections', () => {
  test('globals before a module are its defaults, later ones are not', () => {
    const text = 'timeout = 1\n[a]\npath = /a\n[global]\ntimeout = 2\n[b]\npath = /b\n';
    expect(values(text, 'a')).toEqual({ timeout: '1', path: '/a' });
    expect(values(text, 'b')).toEqual({ timeout: '2', path: '/b' });
  });

  test('a section can be opened again, whatever its case; the first spelling stays', () => {
    const config = parseConfigText('[My   Mod] junk\npath = /a\n[x]\n[mymod]\ncomment = c\n');
    expect(config.modules.map(({ name }) => name)).toEqual(['My Mod', 'x']);
    expect(Object.fromEntries(config.modules[0]?.values ?? [])).toEqual({
      path: '/a',
      comment: 'c',
    });
  });

  test.each(['[a/b]', '[]', '[a', '&frob x'])('%s spoils the file', (line) => {
    expect(() => parseConfigText(line)).toThrow(ConfigError);
  });
});

describe('&include and &merge', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  const parts = join(directory, 'parts');
  mkdirSync(parts);
  writeFileSync(join(parts, 'b.conf'), '[b]\npath = /b\n');
  writeFileSync(join(parts, 'a.conf'), 'timeout = 9\n[a]\npath = /a\n');
  writeFileSync(join(parts, 'x.inc'), 'comment = merged\n');
  writeFileSync(join(directory, 'loop'), `&merge ${join(directory, 'loop')}\n`);
  afterAll(() => rmSync(directory, { recursive: true }));

  test('included globals end with their file; merged text is in place', () => {
    const config = parseConfigText(`&include ${parts}\n[m]\npath = /m\n&merge ${parts}\n`);
    const found = config.modules.map(({ name, values: v }) => [name, Object.fromEntries(v)]);
    expect(found).toEqual([
      ['a', { timeout: '9', path: '/a' }],
      ['b', { path: '/b' }],
      ['m', { path: '/m', comment: 'merged' }],
    ]);
  });

  test('a loop is noticed', () => {
    expect(() => parseConfigText(`&merge ${join(directory, 'loop')}`)).toThrow(
      'include each other',
    );
  });
});
