import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';
import type { Variant } from '../variants.ts';

/** What an ordinary user cannot make. */
const SOURCE: TreeSpec = {
  setuid: { content: 'setuid\n', mode: 0o4755, uid: 1000, gid: 1001 },
  plain: 'plain\n',
  plain2: { hardLink: 'plain' },
  readonly: { content: 'r\n', mode: 0o444, uid: 1, gid: 2 },
  none: { content: 'n\n', mode: 0o000 },
  fifo: { fifo: true, mode: 0o640 },
  null: { device: 'char', major: 1, minor: 3, mode: 0o666 },
  loop: { device: 'block', major: 7, minor: 300, mode: 0o660 },
  link: { link: 'plain', uid: 1000, gid: 1001 },
  'sticky/in': 'in\n',
  'sticky/': { directory: true, mode: 0o1777, uid: 1000, gid: 1000 },
  'closed/in': 'in\n',
  'closed/': { directory: true, mode: 0o500 },
};
/** The same, as an earlier run has noted it, and what has changed since. */
const NOTED: TreeSpec = {
  setuid: { content: 'setuid\n', mode: 0o755 },
  plain: 'plain\n',
  readonly: { content: 'r\n', mode: 0o644 },
  null: { content: '', mode: 0o666 },
  loop: { content: '', mode: 0o660 },
  link: { content: 'plain', mode: 0o777 },
  fifo: { content: 'plain', mode: 0o777 },
  'sticky/in': 'in\n',
  'sticky/': { directory: true, mode: 0o777 },
};
const NOTES = {
  setuid: { 'user.rsync.%stat': '104755 0,0 1000:1001' },
  readonly: { 'user.rsync.%stat': '100444 0,0 1:2' },
  null: { 'user.rsync.%stat': '20666 1,3 0:0' },
  loop: { 'user.rsync.%stat': '60660 7,5 0:0' },
  link: { 'user.rsync.%stat': '120777 0,0 1000:1001' },
  fifo: { 'user.rsync.%stat': '120777 0,0 5:6' },
  sticky: { 'user.rsync.%stat': '41777 0,0 1000:1000', 'user.own': 'own' },
  plain: { 'user.rsync.trusted.t': 'noted' },
};
const at = <T>(directory: string, notes: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(notes).map(([name, note]) => [`${directory}/${name}`, note]));

const FAR: readonly Variant[] = ['push', 'served-push'];

const fresh = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `fake-super ${options}`,
  options: options.split(' '),
  files: { src: SOURCE },
  ...more,
});

/** Owners, devices and links that are noted instead of made. */
export const FAKE_SUPER: readonly DifferentialCase[] = [
  fresh('-aHi --fake-super'),
  fresh('-aHi -M--fake-super'),
  fresh('-aXi --fake-super', {
    xattrs: { 'src/plain': { 'trusted.t': 'trusted', 'user.u': 'user' }, src: { 'user.top': 't' } },
  }),
  fresh('-aXi -M--fake-super', {
    xattrs: { 'src/plain': { 'trusted.t': 'trusted', 'user.u': 'user' }, src: { 'user.top': 't' } },
  }),
  fresh('-ai --fake-super --super'),
  fresh('-aXX --fake-super', { variants: ['local', 'pull'] }),
  fresh('-ai --fake-super --inplace'),
  {
    name: 'fake-super update -aHi -M--fake-super',
    options: ['-aHi', '-M--fake-super'],
    files: { src: SOURCE, dst: NOTED },
    xattrs: at('dst', NOTES),
    variants: FAR,
  },
  {
    name: 'fake-super update -aii --fake-super',
    options: ['-aii', '--fake-super'],
    files: { src: NOTED, dst: NOTED },
    xattrs: { ...at('src', NOTES), ...at('dst', NOTES) },
  },
  {
    name: 'fake-super restore -aXi -M--fake-super',
    options: ['-aXi', '-M--fake-super'],
    files: { src: NOTED },
    xattrs: at('src', NOTES),
    variants: ['pull', 'served-pull'],
  },
  {
    name: 'fake-super restore --fake-super -M--super',
    options: ['-ai', '--fake-super', '-M--super'],
    files: { src: NOTED },
    xattrs: at('src', NOTES),
    variants: ['local'],
  },
  {
    name: 'fake-super, an ordinary user',
    options: ['-ai', '--fake-super'],
    files: { src: NOTED },
    xattrs: at('src', { ...NOTES, plain: {} }),
    asUser: true,
  },
];
