import { readFileSync } from 'node:fs';
import { versionJson, versionText } from '@deltawire/options';
import { expect, test } from 'vitest';
import { describeBuild, VERSION } from '../src/version.ts';
import { realRsync } from './real-rsync.ts';

test('VERSION is the one of package.json', () => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  expect((JSON.parse(manifest) as { version: string }).version).toBe(VERSION);
});

test('--version begins as that of rsync and has its sections', () => {
  const real = realRsync('/', ['--version']).stdout;
  const [first] = real.split('\n');
  expect(versionText(describeBuild()).startsWith(`${first}\n`)).toBe(true);
  for (const section of real.match(/^[A-Z][\w ]*(list|s):$/gm)!) {
    expect(versionText(describeBuild())).toContain(`\n${section}\n`);
  }
});

test('-VV has the keys of rsync', () => {
  const real = JSON.parse(realRsync('/', ['-VV']).stdout) as Record<string, object>;
  const ours = JSON.parse(versionJson(describeBuild())) as Record<string, object>;
  expect(Object.keys(ours).filter((key) => key !== 'implementation')).toEqual(Object.keys(real));
  for (const key of ['capabilities', 'optimizations']) {
    expect(Object.keys(ours[key]!)).toEqual(Object.keys(real[key]!));
  }
});
