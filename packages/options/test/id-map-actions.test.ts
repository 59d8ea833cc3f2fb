import { expect, test } from 'vitest';
import { parseCommandLine, type RsyncOptions } from '../src/index.ts';

const parse = (line: string): RsyncOptions =>
  parseCommandLine([...line.split(' '), 'a', 'b'], {}).options;

test('--chown is two maps', () => {
  expect(parse('--chown=u:g')).toMatchObject({ userMap: '*:u', groupMap: '*:g', owner: true });
  expect(parse('--chown=u --chown=:g')).toMatchObject({ userMap: '*:u', groupMap: '*:g' });
  expect(parse('--chown=u.g')).toMatchObject({ userMap: '*:u.g', groupMap: '', group: false });
});
