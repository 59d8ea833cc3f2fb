import { FileTypeBits } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';

/** What the order of two items depends on: a full name and whether it is a directory. */
export interface NamedItem {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Whether an entry's mode says directory. */
export function isDirectoryEntry(entry: Pick<FileEntry, 'mode'>): boolean {
  return (entry.mode & FileTypeBits.MASK) === FileTypeBits.DIRECTORY;
}

/**
 * Negative, zero or positive as `a` sorts before, like or after `b`. `directorySort` is the order of
 * protocol 29 and later (docs/spec/data.md §4.1): level by level, non-directories before directories,
 * directory names compared with a slash behind them. Without it full names are compared (§4.2).
 */
export function compareNames(a: NamedItem, b: NamedItem, directorySort: boolean): number {
  return directorySort
    ? compareByDirectory(a.name, a.isDirectory, b.name, b.isDirectory)
    : compareBytes(a.name, b.name);
}

/** `compareNames` for list entries. */
export function compareEntries(a: FileEntry, b: FileEntry, directorySort: boolean): number {
  return directorySort
    ? compareByDirectory(a.name, isDirectoryEntry(a), b.name, isDirectoryEntry(b))
    : compareBytes(a.name, b.name);
}

/** A new array in list order; entries that compare equal keep theirs. */
export function sortEntries(entries: readonly FileEntry[], directorySort: boolean): FileEntry[] {
  const order = sortedOrder(entries, directorySort);
  return order === undefined ? entries.slice() : Array.from(order, (index) => entries[index]!);
}

/** The indexes of `entries` in list order; undefined when they are in order already. @internal */
export function sortedOrder(
  entries: readonly FileEntry[],
  directorySort: boolean,
): Uint32Array | undefined {
  let isSorted = true;
  for (let i = 1; i < entries.length && isSorted; i++) {
    isSorted = compareEntries(entries[i - 1]!, entries[i]!, directorySort) <= 0;
  }
  if (isSorted) return undefined;
  if (!directorySort) return orderByName(entries);
  // Absolute names (--relative) have an empty first component, which no run stands for.
  const hasAbsolute = entries.some((entry) => entry.name.startsWith('/'));
  return hasAbsolute ? orderByEntry(entries) : orderByDirectory(entries);
}

function orderByEntry(entries: readonly FileEntry[]): Uint32Array {
  const order = Array.from(entries.keys());
  return Uint32Array.from(order.sort((x, y) => compareEntries(entries[x]!, entries[y]!, true)));
}

function orderByName(entries: readonly FileEntry[]): Uint32Array {
  const order = Array.from(entries.keys());
  return Uint32Array.from(order.sort((x, y) => compareBytes(entries[x]!.name, entries[y]!.name)));
}

/**
 * A directory is followed by the non-directories in it, and these by its sub-directories with all they
 * have. So the list is one run per directory, and only names within a run and directories have to be
 * compared: three times as fast as comparing entries.
 */
function orderByDirectory(entries: readonly FileEntry[]): Uint32Array {
  const runs = new Map<string, { own: number[]; others: number[] }>();
  for (const [index, entry] of entries.entries()) {
    const isDirectory = isDirectoryEntry(entry);
    const directory = isDirectory ? withoutDot(entry.name) : directoryOf(entry.name);
    let run = runs.get(directory);
    if (run === undefined) {
      run = { own: [], others: [] };
      runs.set(directory, run);
    }
    (isDirectory ? run.own : run.others).push(index);
  }
  const order = new Uint32Array(entries.length);
  let at = 0;
  for (const directory of [...runs.keys()].sort((a, b) => compareByDirectory(a, true, b, true))) {
    const { own, others } = runs.get(directory)!;
    for (const index of own) order[at++] = index;
    others.sort((x, y) => compareBytes(entries[x]!.name, entries[y]!.name));
    for (const index of others) order[at++] = index;
  }
  return order;
}

function directoryOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash);
}

function compareBytes(a: string, b: string): number {
  // Char codes are bytes, so the language's own comparison is the unsigned one.
  return a < b ? -1 : a > b ? 1 : 0;
}

const SLASH = 0x2f;
const DOT = 0x2e;

function compareByDirectory(a: string, aIsDir: boolean, b: string, bIsDir: boolean): number {
  if (aIsDir && a.charCodeAt(a.length - 1) === DOT) a = withoutDot(a);
  if (bIsDir && b.charCodeAt(b.length - 1) === DOT) b = withoutDot(b);
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === a.length && at === b.length) return Number(aIsDir) - Number(bIsDir);
  // The root itself has no component at all.
  if (a.length === 0) return -1;
  if (b.length === 0) return 1;

  // Both share everything before the component that `at` is in (or ends). A parent sorts before what is
  // in it, and so does a file before what is in a directory of the same name.
  if (at === a.length && (b.charCodeAt(at) === SLASH || a === '/')) return -1;
  if (at === b.length && (a.charCodeAt(at) === SLASH || b === '/')) return 1;
  const aComponentIsDir = aIsDir || a.indexOf('/', at) >= 0;
  const bComponentIsDir = bIsDir || b.indexOf('/', at) >= 0;
  if (aComponentIsDir !== bComponentIsDir) return aComponentIsDir ? 1 : -1;
  const end = aComponentIsDir ? SLASH : -1;
  const x = at < a.length ? a.charCodeAt(at) : end;
  const y = at < b.length ? b.charCodeAt(at) : end;
  return x - y;
}

/** `.` and `a/.` name the directory they are in, `/.` an empty first component. */
function withoutDot(name: string): string {
  if (name === '.') return '';
  if (name === '/.') return '/';
  return name.endsWith('/.') ? name.slice(0, -2) : name;
}
