import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';

/** What every kind of entry may say about itself. */
export interface TreeAttributes {
  /** Permission bits. */
  readonly mode?: number;
  /** Seconds since 1970 with up to nine decimals, as text so that nanoseconds are exact. */
  readonly mtime?: string | number;
  readonly uid?: number;
  readonly gid?: number;
}

/** One entry: plain contents, or an object that says what it is. */
export type TreeEntry =
  | string
  | Uint8Array
  | (TreeAttributes & { readonly content: string | Uint8Array })
  | (TreeAttributes & { readonly directory: true })
  | (TreeAttributes & { readonly link: string })
  | { readonly hardLink: string }
  | (TreeAttributes & { readonly fifo: true })
  | (TreeAttributes & { readonly device: 'char' | 'block'; major: number; minor: number });

/** Entries by path relative to the root; missing parents are made. A name ending in `/` is a directory. */
export type TreeSpec = Readonly<Record<string, TreeEntry | null>>;

export interface MakeTreeOptions {
  /**
   * Modification time of entries that give none. Old, because a file changed within this second can
   * change again unseen.
   * @default '1500000000.123456789'
   */
  readonly mtime?: string | number;
  /** Names and link targets are byte strings (one char code per byte) instead of text. */
  readonly bytes?: boolean;
}

type Path = string | Buffer;

/**
 * Create files, directories, symlinks, hard links, fifos and devices below `root`, which is created
 * as well, and give all of them times in the past.
 */
export function makeTree(root: string, spec: TreeSpec, options: MakeTreeOptions = {}): void {
  const { mtime = '1500000000.123456789', bytes = false } = options;
  const encode = (text: string): Path => (bytes ? Buffer.from(text, 'latin1') : text);
  const inRoot = (name: string): Path =>
    bytes
      ? Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')])
      : `${root}/${name}`;
  const times = new Map<string, Path[]>();
  const modes: [Path, number][] = [];

  mkdirSync(root, { recursive: true });
  const directories = new Set<string>();
  for (const [key, value] of Object.entries(spec)) {
    const name = key.replace(/\/$/, '');
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      directories.add(name.slice(0, slash));
    }
    const entry =
      key.endsWith('/') && (value === null || value === '') ? { directory: true } : value;
    if (entry !== null && isObject(entry) && 'directory' in entry) directories.add(name);
  }
  for (const name of [...directories].sort()) mkdirSync(inRoot(name), { recursive: true });

  for (const [key, value] of Object.entries(spec)) {
    if (value === null || (key.endsWith('/') && value === '')) continue;
    const path = inRoot(key.replace(/\/$/, ''));
    if (!isObject(value)) writeFileSync(path, value);
    else if ('hardLink' in value) {
      linkSync(inRoot(value.hardLink), path);
      continue;
    } else makeSpecial(path, value, encode);
    const attributes: TreeAttributes = isObject(value) ? value : {};
    if (attributes.uid !== undefined || attributes.gid !== undefined) {
      lchownSync(path, attributes.uid ?? process.getuid!(), attributes.gid ?? process.getgid!());
    }
    if (attributes.mode !== undefined) modes.push([path, attributes.mode]);
    if (isObject(value) && 'directory' in value) directories.delete(key.replace(/\/$/, ''));
    addTime(times, attributes.mtime ?? mtime, path);
  }
  for (const name of directories) addTime(times, mtime, inRoot(name));
  addTime(times, mtime, root);
  // Times before modes: a directory without permission could not be entered any more.
  for (const [time, paths] of times) setTimes(time, paths);
  for (const [path, mode] of modes.reverse()) chmodSync(path, mode);
}

function makeSpecial(
  path: Path,
  entry: Exclude<TreeEntry, string | Uint8Array | { hardLink: string }>,
  encode: (text: string) => Path,
): void {
  if ('content' in entry) writeFileSync(path, entry.content);
  else if ('link' in entry) symlinkSync(encode(entry.link), path);
  else if ('fifo' in entry) execFileSync('mkfifo', [asArgument(path)]);
  else if ('device' in entry) {
    const kind = entry.device === 'char' ? 'c' : 'b';
    execFileSync('mknod', [asArgument(path), kind, `${entry.major}`, `${entry.minor}`]);
  }
}

/**
 * Set modification and access times exactly; links themselves are meant, not what they point to.
 *
 * @param time Seconds since 1970 with up to nine decimals.
 */
export function setTimes(time: string | number, paths: readonly Path[]): void {
  // Node keeps times in doubles, which lose nanoseconds, and takes negative ones for the present:
  // `touch` does neither.
  if (Number.isInteger(Number(time)) && Number(time) >= 0) {
    for (const path of paths) lutimesSync(path, Number(time), Number(time));
    return;
  }
  const names = paths.map((path) => (typeof path === 'string' ? path : path.toString('latin1')));
  const plain = paths.every((path) => typeof path === 'string');
  for (let at = 0; at < paths.length; at += 500) {
    const batch = names.slice(at, at + 500);
    if (plain) execFileSync('touch', ['-h', '-d', `@${time}`, '--', ...batch]);
    else {
      // Arguments would be encoded as UTF-8; standard input is bytes.
      const input = Buffer.from(`${batch.join('\0')}\0`, 'latin1');
      execFileSync('xargs', ['-0', 'touch', '-h', '-d', `@${time}`, '--'], { input });
    }
  }
}

function addTime(times: Map<string, Path[]>, time: string | number, path: Path): void {
  const list = times.get(`${time}`);
  if (list) list.push(path);
  else times.set(`${time}`, [path]);
}

function isObject(
  entry: TreeEntry | { directory: boolean },
): entry is Exclude<TreeEntry, string | Uint8Array> {
  return typeof entry === 'object' && !(entry instanceof Uint8Array);
}

function asArgument(path: Path): string {
  return typeof path === 'string' ? path : path.toString('utf8');
}
