import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';

const SOURCE: TreeSpec = {
  named: { content: 'named\n', mode: 0o640 },
  users: { content: 'users\n', mode: 0o664 },
  masked: { content: 'masked\n', mode: 0o664 },
  plain: { content: 'plain\n', mode: 0o640 },
  linked: { hardLink: 'named' },
  link: { link: 'named' },
  'dir/in': { content: 'in\n', mode: 0o600 },
  'dir/sub/in': 'in\n',
  'dir/sub/': { directory: true, mode: 0o750 },
  'dir/': { directory: true, mode: 0o770 },
  'other/': { directory: true, mode: 0o755 },
};
const STALE: TreeSpec = { ...SOURCE, users: { content: 'old\n', mode: 0o600 } };

/** The value of an attribute that is a list: entries of tag, permissions and id. */
function acl(...entries: readonly (readonly [tag: number, perms: number, id?: number])[]): string {
  const bytes = Buffer.alloc(4 + 8 * entries.length);
  bytes.writeUInt32LE(2, 0);
  entries.forEach(([tag, perms, id = 0xffff_ffff], i) => {
    bytes.writeUInt16LE(tag, 4 + 8 * i);
    bytes.writeUInt16LE(perms, 6 + 8 * i);
    bytes.writeUInt32LE(id, 8 + 8 * i);
  });
  return bytes.toString('latin1');
}
const [OWNER, USER, GROUP_OBJ, GROUP, MASK, OTHER] = [1, 2, 4, 8, 16, 32] as const;

const ACCESS = 'system.posix_acl_access';
const DEFAULT = 'system.posix_acl_default';
const named = acl(
  [OWNER, 6],
  [USER, 4, 1],
  [USER, 6, 54_321],
  [GROUP_OBJ, 0],
  [GROUP, 4, 2],
  [MASK, 4],
  [OTHER, 0],
);
const users = acl([OWNER, 6], [USER, 6, 1], [GROUP_OBJ, 6], [MASK, 6], [OTHER, 4]);
const masked = acl([OWNER, 6], [GROUP_OBJ, 4], [MASK, 6], [OTHER, 4]);
const inherited = acl([OWNER, 7], [USER, 7, 1], [GROUP_OBJ, 5], [MASK, 7], [OTHER, 0]);
const short = acl([OWNER, 7], [GROUP_OBJ, 5], [OTHER, 0]);

const ACLS = {
  'src/named': { [ACCESS]: named },
  'src/users': { [ACCESS]: users },
  'src/masked': { [ACCESS]: masked },
  'src/dir': { [ACCESS]: inherited, [DEFAULT]: inherited },
  'src/dir/sub': { [DEFAULT]: short },
};
const OLD_ACLS = {
  ...ACLS,
  'dst/named': { [ACCESS]: acl([OWNER, 6], [USER, 4, 9], [GROUP_OBJ, 0], [MASK, 4], [OTHER, 0]) },
  'dst/plain': { [ACCESS]: acl([OWNER, 6], [USER, 4, 9], [GROUP_OBJ, 0], [MASK, 4], [OTHER, 0]) },
  'dst/dir': { [ACCESS]: inherited },
  'dst/other': { [DEFAULT]: inherited },
};

const fresh = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `acls ${options}`,
  options: options.split(' '),
  files: { src: SOURCE },
  xattrs: ACLS,
  ...more,
});
const update = (options: string): DifferentialCase => ({
  name: `acls update ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, dst: STALE },
  xattrs: OLD_ACLS,
});

/** Access-control lists and what new files inherit. */
export const ACLS_CASES: readonly DifferentialCase[] = [
  fresh('-aAi'),
  fresh('-rAi'),
  fresh('-rltAi --no-i-r'),
  fresh('-aAXHi'),
  fresh('-aAHi --protocol=30'),
  { ...fresh('-aAHi --protocol=29'), variants: ['local'] },
  { ...fresh('-aA --protocol=27'), variants: ['local'] },
  fresh('-aAi --numeric-ids'),
  fresh('-aAi --usermap=1:54 --groupmap=2:3'),
  fresh('-aA --no-A -i'),
  fresh('-aAni'),
  fresh('-aAi --inplace'),
  fresh('-aAi', { name: 'acls as user -aAi', asUser: true }),
  fresh('-aAi --fake-super'),
  fresh('-aAi -M--fake-super'),
  update('-aAi'),
  update('-aAii'),
  update('-aAHi --no-i-r'),
  update('-aAi --inplace'),
  update('-aAib'),
  update('-aAb --inplace'),
  update('-aAni'),
  update('-ai'),
  { ...update('-aAi --link-dest=../dst'), destination: 'new' },
  { ...update('-aAi --copy-dest=../dst'), destination: 'new' },
];
