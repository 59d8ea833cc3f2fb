import type { DifferentialCase } from '../harness.ts';
import { OWNED, SOURCE } from '../trees.ts';

const XATTRS = { 'src/a.txt': { 'user.u': 'user', 'trusted.t': 'trusted' } };

const job = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `super ${options}`,
  options: options.split(' '),
  files: { src: { ...SOURCE, ...OWNED } },
  unordered: true,
  ...more,
});

/** What is tried that only root may do: by default, when told to, and when told not to. */
export const SUPER_USER: readonly DifferentialCase[] = [
  job('-ai --super'),
  job('-ai --no-super'),
  job('-aXi --no-super', { xattrs: XATTRS }),
  job('-ai --no-super -M--super'),
  job('-ai --no-super --no-o'),
  job('-ai --super', { name: 'super, as user', asUser: true, rootOwns: ['src'] }),
  job('-ai --super -M--no-super', {
    name: 'super, as user, not over there',
    asUser: true,
    rootOwns: ['src'],
  }),
];
