import { rmSync, truncateSync } from 'node:fs';
import type { TreeSpec } from '@deltawire/testkit';

/** What has to be there before a recording can be played, where it is not the usual thing. */
export interface Scenario {
  /** Of the client's names. */
  readonly charset?: string;
  /** Source tree, `plain` unless noted. */
  readonly source?: TreeSpec;
  /** Changes to the source that a tree specification cannot say. */
  readonly prepareSource?: (root: string) => void;
  /** Destination before the transfer; an empty directory with an old time unless noted. */
  readonly destination?: TreeSpec;
  /** What stands beside source and destination, in `aux`. */
  readonly beside?: TreeSpec;
  /** Extended attributes of source and destination, by path and name. */
  readonly xattrs?: Readonly<Record<'source' | 'destination', Xattrs>>;
  /** Names of `--files-from`. */
  readonly filesFrom?: string;
  /** Paths as a shell would have expanded them. */
  readonly serverPaths?: readonly string[];
  /** Runs once the sender under test has sent its lists. */
  readonly beforeRequests?: (root: string) => void;
  /** What a daemon's module hides. */
  readonly daemonExclude?: string;
  readonly daemonNumericIds?: boolean;
  /** A daemon's `timeout`. */
  readonly daemonTimeout?: number;
  /** A daemon's answer to arguments it does not accept. */
  readonly reject?: { readonly text: string; readonly exitCode: number };
  /**
   * Exit code of the transfer where the recorded one came about otherwise: a remote shell adds the
   * server's own code, which no byte of the session tells.
   */
  readonly clientExit?: number;
  readonly serverExit?: number;
  /** The client ended, as asked, before the session did: only what it wrote is compared. */
  readonly clientFails?: boolean;
  /** Who tells whom that it ends depends on who is still there: ERROR_EXIT is not compared. */
  readonly partingDiffers?: boolean;
  /** The destination ends up as something else than the source. */
  readonly otherDestination?: boolean;
  /** Only one role can be played, for the reason given. */
  readonly skipClient?: string;
  readonly skipServer?: string;
}

/** Values by path and name. */
export type Xattrs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The file that most recordings transfer. */
export const B_BIN: Uint8Array = Uint8Array.from({ length: 2000 }, (_, i) => 7 * i + (i >> 8));

const old = (content: string | Uint8Array, mtime = 1_700_000_000): TreeSpec[string] => ({
  content,
  mode: 0o644,
  mtime,
});
const directory = (mtime: number): TreeSpec[string] => ({ directory: true, mode: 0o755, mtime });

/** The tree of testkit/golden/README.md. */
export const plain: TreeSpec = {
  'a.txt': old('hello world\n'),
  empty: old('', 1_600_000_000),
  'dir/b.bin': old(B_BIN, 1_700_000_001),
  link: { link: 'a.txt', mtime: 1_700_000_002 },
  'dir/': directory(1_700_000_003),
  './': directory(1_700_000_004),
};

/** `plain` with names that the recorded rules are about. */
const ruled: TreeSpec = {
  ...plain,
  hidden: old('h'),
  'keep.o': old('o'),
  'x.tmp': old('t'),
  'dir/.rules': old('- *.skip\n'),
  'dir/z.skip': old('s'),
};

const deep: TreeSpec = {
  ...plain,
  'd1/f': old('x'),
  'd1/d2/f': old('x'),
  'd1/d2/d3/f': old('x'),
  'e1/f': old('x'),
  'e2/f': old('x'),
  'e2/x/f': old('x'),
  ...Object.fromEntries(
    ['dir', 'd1', 'd1/d2', 'd1/d2/d3', 'e1', 'e2', 'e2/x'].map((name) => [
      `${name}/`,
      directory(1_700_000_004),
    ]),
  ),
};

const awkward: TreeSpec = {
  ...plain,
  'sp ace/q"uote': old('x'),
  'sp ace/': directory(1_700_000_005),
};

const similar = B_BIN.slice(0, 1900);
similar[0] = 1;

const linked: TreeSpec = { ...plain, h2: old('hard\n'), h1: { hardLink: 'h2' } };

const LONG = 'long '.repeat(20);
const OTHER = 'other '.repeat(20);
const attributed: Scenario = {
  source: { ...plain, zz: { hardLink: 'a.txt' } },
  xattrs: {
    source: {
      '.': { 'user.top': OTHER },
      'a.txt': { 'user.short': 'abc', 'user.long': LONG },
      'dir/b.bin': { 'user.short': 'abc', 'user.long': LONG },
      dir: { 'user.dir': 'directory' },
    },
    destination: {},
  },
};

/** The value of an attribute that is an access-control list: entries of tag, permissions and id. */
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

const ACCESS = 'system.posix_acl_access';
const DEFAULT = 'system.posix_acl_default';
const NAMED = acl([1, 6], [2, 4, 1], [2, 6, 54_321], [4, 0], [8, 4, 2], [16, 4], [32, 4]);
const INHERITED = acl([1, 7], [2, 7, 1], [4, 5], [16, 5], [32, 5]);
/** The modes are those that the lists give. */
const withAcls: Scenario = {
  source: { ...plain, zz: { hardLink: 'a.txt' } },
  xattrs: {
    source: {
      'a.txt': { [ACCESS]: NAMED },
      'dir/b.bin': { [ACCESS]: acl([1, 6], [4, 0], [16, 4], [32, 4]) },
      dir: { [ACCESS]: INHERITED, [DEFAULT]: INHERITED },
    },
    destination: {},
  },
};

/** What `--link-dest` and `--copy-dest` find: one file complete, one as a basis. */
const alternate: TreeSpec = {
  'base/a.txt': old('hello world\n'),
  'base/dir/b.bin': old(B_BIN.subarray(0, 1500), 1_600_000_000),
  'base/dir/': directory(1_500_000_000),
};

const numbered = (count: number): TreeSpec => ({
  ...Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`f${String(i).padStart(3, '0')}`, old(`${i}`)]),
  ),
  './': directory(1_700_000_004),
});

const without = (tree: TreeSpec, names: readonly string[]): TreeSpec =>
  Object.fromEntries(Object.entries(tree).filter(([name]) => !names.includes(name)));

const file = (i: number): string => `f${String(i).padStart(3, '0')}`;

const edited = B_BIN.slice();
edited.fill(0x58, 900, 905);

/** One file to be updated with a delta, one whose mode differs, two directories with old times. */
const outdated: TreeSpec = {
  ...plain,
  'a.txt': { content: 'hello world\n', mode: 0o600, mtime: 1_700_000_000 },
  'dir/b.bin': old(edited, 1_600_000_000),
  'dir/': directory(1_500_000_000),
  './': directory(1_500_000_000),
};

/** Names that the source does not have. */
const surplus: TreeSpec = {
  gone1: 'x',
  golink: { link: 'gone1' },
  'gonedir/f': 'x',
  prot: 'x',
  'y.tmp': 'x',
  './': directory(1_500_000_000),
};

const big: readonly number[] = [
  0, 1, 127, 128, 255, 256, 16383, 16384, 65535, 8388607, 8388608, 16777215, 16777216, 1073741823,
  1073741824, 2147483647, 2147483648, 4294967295, 4294967296, 1250999896491,
];
const times = [0, 1, -1, 2147483647, 2147483648, 4294967295, 4294967296, 1_700_000_000];
const owners = [5000, 127, 128, 16383, 16384, 65534, 70000, 134217727, 2147483648, 4294967293];
const two = (i: number): string => String(i).padStart(2, '0');

const extremes: TreeSpec = {
  ...Object.fromEntries(big.map((_, i) => [`s${two(i)}`, old('', 1)])),
  ...Object.fromEntries(times.map((mtime, i) => [`t${two(i)}`, old('', mtime)])),
  ...Object.fromEntries(
    owners.map((uid, i) => [`v${two(i)}`, { content: '', mode: 0o644, mtime: 1, uid }]),
  ),
  u_nsec: { content: '', mode: 0o644, mtime: '1700000000.123456789' },
  './': directory(1_700_000_004),
};

const list = 'a.txt\ndir/b.bin\n#notcomment\n;empty\nempty\n';
const listed: Scenario = { filesFrom: list, otherDestination: true };
const excluding: Scenario = { source: ruled, otherDestination: true };
const deleting: Scenario = { source: ruled, destination: surplus };
const delta: Scenario = { destination: outdated };
/** Some of the attributes are there already. */
const reattributed: Scenario = {
  destination: { ...plain, 'dir/b.bin': old(edited, 1_600_000_000) },
  xattrs: {
    source: attributed.xattrs!.source,
    destination: {
      '.': { 'user.top': OTHER },
      'a.txt': { 'user.short': 'abc', 'user.long': OTHER },
      'dir/b.bin': { 'user.long': LONG, 'user.gone': 'gone' },
    },
  },
};
/** Other lists, and some where none should be. */
const withOtherAcls: Scenario = {
  destination: plain,
  xattrs: {
    source: { ...withAcls.xattrs!.source, empty: {}, '.': {} },
    destination: {
      '.': { [DEFAULT]: INHERITED },
      'a.txt': { [ACCESS]: acl([1, 6], [2, 4, 9], [4, 4], [16, 4], [32, 4]) },
      empty: { [ACCESS]: NAMED },
    },
  },
};
/** Half of the file is there, with another first byte: appending to it fails. */
const redone: Scenario = {
  destination: {
    'dir/b.bin': old(Uint8Array.of(0x5a, ...B_BIN.subarray(1, 1000)), 1_600_000_000),
    'dir/': directory(1_500_000_000),
    './': directory(1_500_000_000),
  },
};
const part: Scenario = { otherDestination: true };
const shellSaysPartial: Scenario = { otherDestination: true, clientExit: 0 };
const clientSaysPartial: Scenario = { otherDestination: true, serverExit: 0 };
const vanishing: Scenario = {
  otherDestination: true,
  beforeRequests: (root) => rmSync(`${root}/a.txt`),
};
/** The client has sent its list before it hears that nothing will come of it. */
const rejected: Scenario = { otherDestination: true, beforeRequests() {} };
const hopeless: Scenario = { ...rejected, partingDiffers: true };
const enormous: Scenario = {
  source: extremes,
  prepareSource(root) {
    for (const [i, size] of big.entries()) truncateSync(`${root}/s${two(i)}`, size);
  },
  otherDestination: true,
};

/** Every recording that is played, and what it needs. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  // Archive transfers.
  'pull-p27-a': {},
  'pull-p28-a': {},
  'pull-p29-a': {},
  'pull-p30-a': {},
  'pull-p31-a': {},
  'pull-p32-a': {},
  'push-p27-a': {},
  'push-p28-a': {},
  'push-p29-a': {},
  'push-p30-a': {},
  'push-p31-a': {},
  'push-p32-a': {},
  // Deltas, lists, indexes, output.
  'pull-p27-delta': delta,
  'pull-p29-delta': delta,
  'pull-p32-acls': withAcls,
  'push-p30-acls': withAcls,
  'pull-p32-acls-update': withOtherAcls,
  'pull-p30-xattrs': attributed,
  'pull-p32-xattrs': attributed,
  'push-p32-xattrs': attributed,
  'pull-p32-xattrs-update': reattributed,
  'push-p31-xattrs-update': reattributed,
  'pull-p32-delta': delta,
  'push-p32-delta': delta,
  'pull-p29-checksum': delta,
  'pull-p32-checksum': delta,
  'pull-p29-bigvals': enormous,
  'pull-p32-bigvals': enormous,
  'pull-p32-inc-deep': { source: deep },
  'pull-p32-noinc': {},
  'pull-p32-relative': part,
  'pull-p32-single': part,
  'push-p32-single': part,
  'pull-p32-two-args': part,
  'pull-p32-stats': {},
  'pull-p32-avv': {},
  'push-p32-a-vv': {},
  'pull-p32-dryrun-i': { ...delta, ...part },
  'push-p32-dryrun-i': { ...delta, ...part },
  'pull-p32-list-only': part,
  'pull-p32-list-only-nodest': part,
  'push-p32-ndx-far': {
    source: numbered(600),
    destination: without(numbered(600), [file(3), file(590)]),
  },
  'push-p32-ndx-gaps': {
    source: numbered(300),
    destination: without(numbered(300), [0, 1, 2, 100, 254, 255, 299].map(file)),
  },
  // Rules and deletion.
  'pull-p28-exclude': excluding,
  'pull-p29-filter': { ...deleting, ...part },
  'pull-p32-filter': { ...deleting, ...part },
  'pull-p32-cvs': {},
  'pull-p32-delete-after': deleting,
  'push-p28-delete-exclude': { ...deleting, ...part },
  'push-p29-delete-filter': { ...deleting, ...part },
  'push-p30-delete': deleting,
  'push-p31-delete': deleting,
  'push-p32-F': {},
  'push-p32-cvs': {},
  'push-p32-delete-after': deleting,
  'push-p32-delete-before': deleting,
  'push-p32-delete-delay': deleting,
  'push-p32-delete-excluded': { ...deleting, ...part },
  'push-p32-delete-filter': { ...deleting, ...part },
  'push-p32-delete-filter-v': { ...deleting, ...part },
  'push-p32-max-delete': { ...deleting, ...part, clientExit: 0, serverExit: 25 },
  'pull-p28-filter-too-modern': { clientFails: true, skipServer: 'the client sends nothing' },
  'push-p29-filter-too-modern': { clientFails: true, skipServer: 'the client sends nothing' },
  // Arguments and names.
  'pull-p29-files-from': { ...listed, clientExit: 0 },
  'pull-p30-files-from': { ...listed, clientExit: 0 },
  'pull-p32-files-from': { ...listed, clientExit: 0 },
  'pull-p32-files-from-remote': listed,
  'push-p30-files-from-remote': { ...listed, serverExit: 0 },
  'push-p32-files-from-remote': { ...listed, serverExit: 0 },
  'pull-p32-escaped-args': {
    source: awkward,
    serverPaths: ['src/sp ace/', 'src/a.txt', './-dash', '~x'],
    ...shellSaysPartial,
  },
  'pull-p32-old-args': { ...part, serverPaths: ['src/a.txt', 'src/empty'] },
  'pull-p32-secluded': { source: awkward, ...part },
  'push-p32-secluded': part,
  // Negotiation, keep-alives.
  'pull-p32-keepalive': {},
  'pull-p32-timeout': {},
  // Compression.
  'pull-p29-z': {},
  'pull-p32-z': {},
  'pull-p32-choices': {},
  // Replacing and removing.
  'pull-p29-remove-source': {},
  'pull-p32-remove-source': {},
  'push-p32-remove-source': {},
  'push-p32-backup-inplace': { ...delta, otherDestination: true },
  'daemon-escaped-opt': { ...part },
  'pull-p32-inplace-partial': {
    destination: {
      'dir/.pp/b.bin': B_BIN.subarray(0, 1500),
      'dir/': directory(1_500_000_000),
    },
  },
  'push-p32-delay-updates': {},
  'push-p32-delay-updates-delete-delay': deleting,
  // Other directories and similar files as a basis.
  'pull-p32-H-linkdest': {
    source: linked,
    beside: { ...alternate, 'base2/empty': old('', 1_600_000_000) },
  },
  'pull-p32-fuzzy': {
    destination: {
      'dir/b.bin.old': similar,
      'dir/': directory(1_500_000_000),
    },
    otherDestination: true,
  },
  'push-p32-H-copydest': { source: linked, beside: alternate },
  'pull-p32-append-verify-redo': redone,
  'push-p32-append-verify-redo': redone,
  'pull-p29-append-verify-redo': redone,
  'pull-p27-redo': redone,
  // Errors and early ends.
  'pull-p27-missing': part,
  'pull-p29-missing': shellSaysPartial,
  'pull-p30-missing': shellSaysPartial,
  'pull-p32-missing': shellSaysPartial,
  'push-p30-missing': clientSaysPartial,
  'push-p32-missing': clientSaysPartial,
  'pull-p29-empty': part,
  'pull-p30-empty': part,
  'pull-p32-empty': part,
  'push-p29-empty': clientSaysPartial,
  'push-p32-empty': clientSaysPartial,
  'pull-p32-server-error': part,
  'push-p30-server-error': { ...rejected, serverExit: 11 },
  'push-p32-server-error': { ...rejected, partingDiffers: true, serverExit: 11 },
  'pull-p32-vanished': vanishing,
  'pull-p32-vanished-no-inc': vanishing,
  // Daemons, behind their text phase.
  'daemon-auth-sha512': {},
  'daemon-chdir-fail': hopeless,
  'daemon-chroot': { daemonNumericIds: true },
  'daemon-excluded-pull': { ...hopeless, daemonExclude: '/dir' },
  'daemon-excluded-push': { ...part, daemonExclude: 'a.txt' },
  'daemon-files-from': { ...listed, filesFrom: 'a.txt\nempty\n' },
  'daemon-list-only': part,
  'daemon-missing': part,
  'daemon-missing-p29': part,
  'daemon-pull-p27': {},
  'daemon-pull-p28': {},
  'daemon-pull-p29': {},
  'daemon-pull-p30': {},
  'daemon-pull-p31': {},
  'daemon-pull-p32': {},
  'daemon-pull-subpath-glob': { ...part, serverPaths: ['a.txt', 'dir/b.bin'] },
  'daemon-pull-verbose': {},
  'daemon-pull-writeonly': {
    ...rejected,
    reject: { text: 'ERROR: module is write only\n', exitCode: 1 },
  },
  'daemon-push-delete': { destination: { gone: 'x', './': directory(1_500_000_000) } },
  'daemon-push-p29': {},
  'daemon-push-p32': {},
  'daemon-push-readonly': {
    ...rejected,
    reject: { text: 'ERROR: module is read only\n', exitCode: 1 },
  },
  'daemon-push-readonly-p30': {
    ...rejected,
    reject: { text: 'ERROR: module is read only\n', exitCode: 1 },
    serverExit: 1,
  },
  'daemon-refused-option': {
    ...rejected,
    skipServer: 'the daemon stopped reading its options before the seed',
  },
  'daemon-refused-option-push': {
    ...rejected,
    skipServer: 'the daemon stopped reading its options before the seed',
  },
  'pull-p32-iconv': {
    source: { ...plain, [Buffer.from('cafÃ©', 'utf8').toString()]: old('x') },
    charset: 'UTF-8',
    skipServer: 'indexes follow the order in which the directory was read',
  },
  'daemon-exec-env': part,
  'daemon-secluded': part,
  'daemon-timeout': { daemonTimeout: 7 },
  'daemon-timeout-p30': { daemonTimeout: 7 },
  'rsh-daemon-missing': shellSaysPartial,
  'rsh-daemon-pull': {},
};

/** Recordings that are not played, by reason. */
export const notPlayed: Readonly<Record<string, readonly string[]>> = {
  'the daemon ends it in its text phase, which is not the part of this package': [
    'daemon-access-denied',
    'daemon-auth-denied-user',
    'daemon-auth-fail',
    'daemon-list',
    'daemon-list-nomotd',
    'daemon-http-proxy',
    'daemon-http-proxy-auth',
    'daemon-max-connections',
    'daemon-no-path',
    'daemon-proxy-missing',
    'daemon-proxy-untrusted',
    'daemon-proxy-v1',
    'daemon-proxy-v2',
    'daemon-unknown-module',
    'rsh-daemon-list',
  ],
  'a script played the client and left after the text phase': [
    'daemon-auth-raw-list29',
    'daemon-auth-raw-md4',
    'daemon-auth-raw-md5',
    'daemon-auth-raw-nolist29',
    'daemon-auth-raw-nolist30',
    'daemon-auth-raw-nolist31',
    'daemon-auth-raw-order',
    'daemon-auth-raw-sha1',
    'daemon-auth-raw-sha256',
    'daemon-raw-auth-weak',
    'daemon-raw-bad-greeting',
    'daemon-raw-bad-response',
    'daemon-raw-early-bad',
    'daemon-raw-list-p24',
    'daemon-raw-list-p25',
    'daemon-raw-nodigest-common',
    'daemon-raw-nodigest-p32',
    'daemon-raw-nosub-p30',
    'daemon-raw-proto40',
    'daemon-raw-subproto',
    'daemon-raw-unknown-cmd',
  ],
  'a hook of the daemon fails, which this version does not have': ['daemon-prexfer-fail'],
  'RSYNC_CHECKSUM_LIST, which this version does not have': [
    'pull-p32-nego-env',
    'pull-p32-nego-fail',
  ],
};
