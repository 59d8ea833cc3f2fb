import { afterAll, expect, test } from 'vitest';
import { type VersionInfo, versionJson, versionText } from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

/** The real program's own facts, as if they were ours. */
async function realInfo(): Promise<{ info: VersionInfo; json: string; text: string }> {
  const { stdout: json } = await real.run(['-VV']);
  const { stdout: text } = await real.run(['--version']);
  const facts = JSON.parse(json);
  const info: VersionInfo = {
    deltawire: '1.2.3',
    protocol: 32,
    copyright: facts.copyright,
    url: facts.url,
    capabilities: facts.capabilities,
    optimizations: facts.optimizations,
    checksums: facts.checksum_list,
    compressors: facts.compress_list,
    daemonAuth: facts.daemon_auth_list,
    license: facts.license,
    caveat: facts.caveat,
  };
  return { info, json, text };
}

test('versionJson() has the real shape, and one field more', async () => {
  const { info, json } = await realInfo();
  const ours = versionJson(info);
  expect(ours.replace('  "implementation": "deltawire 1.2.3",\n', '')).toBe(json);
  expect(JSON.parse(ours).implementation).toBe('deltawire 1.2.3');
});

test('versionText() starts and lists capabilities as the real one', async () => {
  const { info, text } = await realInfo();
  const ours = versionText(info);
  const lines = ours.split('\n');
  expect(lines.slice(0, 2)).toEqual([
    'rsync  version 3.5.0  protocol version 32',
    'deltawire 1.2.3 - wire-compatible with rsync, not affiliated',
  ]);
  const lists = (all: string): string =>
    all.slice(all.indexOf('Web site:'), all.indexOf('\n\n') + 1);
  expect(lists(ours)).toBe(lists(text));
});

test('a long list is wrapped before column 78', async () => {
  const { info } = await realInfo();
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`feature_${i}`, i % 2 > 0]),
  );
  for (const line of versionText({ ...info, capabilities: many }).split('\n')) {
    expect(line.length).toBeLessThan(78);
  }
});
