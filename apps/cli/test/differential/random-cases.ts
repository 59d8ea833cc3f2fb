import { createRandom, type TreeEntry, type TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from './harness.ts';
import { noise } from './trees.ts';

type Random = () => number;
type Entries = Record<string, TreeEntry | null>;

const pick = <T>(random: Random, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

const NAMES = ['a', 'b.c', 'b.o', 'core', 'd e', 'f-1', 'f-2', 'lib', 'tmp', 'x.bak', 'z\xc3\xa9'];
const OWNERS = [0, 0, 1000, 65_534];
const SIZES = [0, 1, 5, 699, 700, 701, 2100, 30_000, 70_123];
const MODES = [0o644, 0o644, 0o600, 0o755, 0o640, 0o444];
const TARGETS = ['a', 'nowhere', '/etc/hostname', 'lib', '../b.c'];
const TIMES = ['1500000000.123456789', '1500000000', '1500000001.5', '1400000000', '1600000000.25'];

/** Options by what they are about: at most one of each line. */
const OPTIONS: readonly (readonly string[])[] = [
  ['-a', '-a', '-a', '-a', '-r', '-rl', '-rlt', '-rlptD', '-dl', '-aO', '-aJ', '-rtp'],
  ['-i', '-i', '-v', '-ii', '-n -i', '--stats', '-iv', '--out-format=%i_%n%L_%l_%o'],
  ['-H'],
  ['-c', '-u', '-I', '--size-only', '--existing', '--ignore-existing', '--modify-window=1'],
  ['-W', '--no-W', '--no-W -B700', '--no-W -c'],
  ['-L', '-k', '-K', '--copy-unsafe-links', '--safe-links', '--munge-links'],
  ['-R', '-m', '-x'],
  ['--delete', '--del', '--delete-before', '--delete-after', '--delete-delay', '--delete-excluded'],
  ['--force', '--ignore-errors', '--max-delete=100'],
  [
    '--exclude=*.o',
    '--exclude=/tmp',
    '--exclude=lib/',
    '--include=*/ --include=*.c --exclude=*',
    '--filter=P_x.bak',
    '--filter=H_core',
    '--filter=-s_*.o --filter=R_f-*',
    '--exclude=f-[12]',
    '-C',
  ],
  [
    '--inplace',
    '--backup',
    '--backup --suffix=.old',
    '--backup --backup-dir=kept',
    '-S',
    '--fsync',
  ],
  ['--partial-dir=.part', '--delay-updates', '--append', '--append-verify'],
  ['--compare-dest=../alt', '--copy-dest=../alt', '--link-dest=../alt'],
  ['-z', '--zc=zlib', '--zc=lz4', '--zc=zstd', '--old-compress'],
  ['--chmod=Du+w,Fgo-w', '--chmod=ugo=rwX', '--no-perms', '--no-times', '--no-links', '-E'],
  ['--max-size=1k', '--min-size=2', '--max-size=50k'],
  ['--no-i-r', '--protocol=31', '--protocol=30', '--protocol=29', '--protocol=28', '--protocol=27'],
  ['--cc=md5', '--cc=md4', '--cc=sha1', '--cc=xxh64', '--cc=xxh3', '--cc=none'],
  ['--remove-source-files'],
  ['--numeric-ids', '--chown=1:2', '--no-o', '--no-g', '--usermap=1000:5,*:7', '--groupmap=*:3'],
  ['-X'],
  [
    '--old-dirs',
    '--preallocate',
    '--open-noatime',
    '--drop-D',
    '--no-D',
    '--mkpath',
    '--no-implied-dirs',
    '--secluded-args',
    '--insecure-links',
    '--trust-sender',
  ],
];
/** The chance of each line of {@link OPTIONS}. */
const CHANCES = [
  1, 1, 0.4, 0.25, 0.3, 0.15, 0.15, 0.5, 0.1, 0.3, 0.25, 0.15, 0.2, 0.2, 0.2, 0.1, 0.4, 0.2, 0.05,
  0.15, 0.1, 0.25,
];

/** Combinations that say nothing: real runs differ among themselves, or stop at the same error. */
function isPointless(options: string): boolean {
  const has = (...words: string[]): boolean => words.every((word) => options.includes(word));
  return (
    has('--append', '-dest') || // the real program damages files
    (/ -X\b/.test(options) && /--protocol=2|-n\b.*-dest/.test(options)) ||
    // A link that leads nowhere is an error, which comes before or after deletions.
    (/ -L\b|--copy-unsafe/.test(options) && has('--del')) ||
    has('-H', '--compare-dest') || // the real program may wait for ever
    has('--append', '-W') ||
    has('--append', '--no-W -B700') || // another block size for what is there
    has('--append', '--inplace') ||
    has('--delay-updates', '--inplace') ||
    has('--partial-dir', '--inplace') ||
    has('--inplace', '-S') ||
    (/ -[mC]\b/.test(options) && /--protocol=2[78]/.test(options)) ||
    (has('--cc=') && /--protocol=2[789]/.test(options)) ||
    (has('--zc=') && /--protocol=2[789]/.test(options)) ||
    (has('-dest') && has('--inplace') && /--protocol=2[78]/.test(options)) ||
    has('--cc=none', '-c')
  );
}

function randomFile(random: Random): TreeEntry {
  const size = pick(random, SIZES);
  return {
    content: noise(size, 1 + Math.floor(random() * 3)),
    mode: pick(random, MODES),
    mtime: pick(random, TIMES),
    ...(random() < 0.1 ? { uid: pick(random, OWNERS), gid: pick(random, OWNERS) } : {}),
  };
}

function randomEntry(
  random: Random,
  files: readonly string[],
  targets: readonly string[],
): TreeEntry {
  const kind = random();
  if (kind < 0.75) return randomFile(random);
  if (kind < 0.85 && files.length > 0) return { hardLink: pick(random, files) };
  if (kind < 0.95) return { link: pick(random, targets) };
  return { fifo: true, mode: 0o640 };
}

/** Up to three levels of a few names each. */
function randomTree(random: Random, targets: readonly string[]): TreeSpec {
  const entries: Entries = {};
  const files: string[] = [];
  const fill = (prefix: string, depth: number): void => {
    for (const name of NAMES) {
      if (random() > 0.4) continue;
      const path = prefix + name;
      if (depth < 3 && random() < 0.3) {
        const mode = pick(random, [0o755, 0o755, 0o700, 0o775]);
        entries[`${path}/`] = { directory: true, mode, mtime: pick(random, TIMES) };
        fill(`${path}/`, depth + 1);
        continue;
      }
      const entry = randomEntry(random, files, targets);
      if (typeof entry === 'object' && 'content' in entry) files.push(path);
      entries[path] = entry;
    }
  };
  fill('', 1);
  return entries;
}

/** What an earlier copy has become: some is gone, some is older, some is something else. */
function staleCopy(random: Random, source: TreeSpec): TreeSpec {
  const entries: Entries = {};
  const blocked: string[] = [];
  for (const [path, entry] of Object.entries(source)) {
    if (blocked.some((prefix) => path.startsWith(prefix))) continue;
    const chance = random();
    const leaf = path.replace(/\/$/, '');
    if (chance < 0.15 || (chance < 0.25 && entry !== null && isLink(entry))) {
      if (path.endsWith('/')) blocked.push(path);
    } else if (chance < 0.2 && path.endsWith('/')) {
      entries[leaf] = randomFile(random);
      blocked.push(path);
    } else if (chance < 0.4 && !path.endsWith('/')) {
      entries[leaf] = edited(random, entry);
    } else if (entry !== null && isLink(entry)) entries[path] = randomFile(random);
    else entries[path] = entry;
  }
  for (const name of ['extra', 'old.o', 'gone/x', 'gone/y/core', 'x.bak~'])
    if (random() < 0.5) entries[name] = randomFile(random);
  return entries;
}

const isLink = (entry: TreeEntry): boolean => typeof entry === 'object' && 'hardLink' in entry;

function edited(random: Random, entry: TreeEntry | null): TreeEntry {
  if (entry === null || typeof entry !== 'object' || !('content' in entry))
    return randomFile(random);
  const bytes = Uint8Array.from(entry.content as Uint8Array);
  for (let i = 0; i < 3 && bytes.length > 0; i++) bytes[Math.floor(random() * bytes.length)] = i;
  const shorter = random() < 0.3 ? bytes.subarray(0, bytes.length >> 1) : bytes;
  return { ...entry, content: shorter, mtime: pick(random, TIMES) };
}

function randomOptions(random: Random): string[] {
  for (;;) {
    const lines = OPTIONS.filter((_, i) => random() < CHANCES[i]!);
    let options = lines.map((line) => pick(random, line)).join(' ');
    // What very old servers say of directories and deletions depends on timing.
    if (/--protocol=2[78]/.test(options))
      options = options.replace(/ (-i|-v|-ii|-iv|--out-format=\S+) /, ' ');
    // An underscore stands for a space inside a word.
    if (!isPointless(options)) return options.split(' ').map((word) => word.replaceAll('_', ' '));
  }
}

/** The case of a seed: the same one, always. */
export function randomCase(seed: number): DifferentialCase {
  const random = createRandom(seed);
  const options = randomOptions(random);
  // Followed links to directories would go round in circles.
  const follows = options.some((option) => option === '-L' || option === '-k');
  const src = randomTree(random, follows ? TARGETS.slice(0, 3) : TARGETS);
  return {
    name: `random ${seed}: ${options.join(' ')}`,
    options,
    files: {
      src,
      ...(random() < 0.8 ? { dst: staleCopy(random, src) } : {}),
      ...(options.some((option) => option.includes('-dest='))
        ? { alt: staleCopy(random, src) }
        : {}),
    },
    unordered: true,
  };
}
