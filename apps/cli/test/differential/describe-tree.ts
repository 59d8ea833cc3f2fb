import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { xattrCalls } from '@deltawire/filesystem';

/**
 * A tree as lines, one for each entry below `root`: name, type, mode, owner, group, size, time to the
 * nanosecond, content, target, device, extended attributes and the other names of the same file. Times after `startedMs`
 * are `now`: nobody has set them.
 */
export function describeTree(root: string, startedMs: number): string[] {
  const entries: { name: string; stat: BigIntStats }[] = [];
  const pending = [''];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const stat = lstatSync(pathOf(root, name), { bigint: true });
    if (name !== '') entries.push({ name, stat });
    makeReadable(pathOf(root, name), stat);
    if (!stat.isDirectory()) continue;
    for (const child of readdirSync(pathOf(root, name), 'buffer')) {
      pending.push((name === '' ? '' : `${name}/`) + child.toString('latin1'));
    }
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Map<string, string[]>();
  for (const { name, stat } of entries) {
    const key = `${stat.dev}:${stat.ino}`;
    names.set(key, [...(names.get(key) ?? []), name]);
  }
  return entries.map(({ name, stat }) => {
    const parts = [JSON.stringify(name), typeOf(stat), `${stat.uid}:${stat.gid}`];
    if (!stat.isSymbolicLink()) parts.push((stat.mode & 0o7777n).toString(8));
    parts.push(stat.mtimeMs > BigInt(startedMs) ? 'now' : `${stat.mtimeNs}`);
    if (stat.isFile()) {
      const content = readFileSync(pathOf(root, name));
      parts.push(`${stat.size}`, createHash('sha1').update(content).digest('hex').slice(0, 12));
    }
    if (stat.isSymbolicLink()) parts.push(`-> ${readlinkSync(pathOf(root, name), 'latin1')}`);
    if (stat.isCharacterDevice() || stat.isBlockDevice()) parts.push(`rdev ${stat.rdev}`);
    for (const text of xattrsOf(`${root}/${name}`)) parts.push(text);
    const links = names.get(`${stat.dev}:${stat.ino}`)!;
    if (!stat.isDirectory() && links.length > 1) parts.push(`= ${links.join(' = ')}`);
    return parts.join(' ');
  });
}

/** It has been looked at: for the rest its owner, unless that is root, needs some permissions. */
function makeReadable(path: Buffer, stat: BigIntStats): void {
  if (process.getuid?.() === 0 || (!stat.isFile() && !stat.isDirectory())) return;
  const needed = stat.isDirectory() ? 0o500n : 0o400n;
  if ((stat.mode & needed) !== needed) chmodSync(path, Number((stat.mode | needed) & 0o7777n));
}

/** Extended attributes but those that the system gives by itself. */
function xattrsOf(path: string): string[] {
  const calls = xattrCalls();
  if (calls === undefined) return [];
  return calls
    .list(path)
    .filter((name) => !name.startsWith('security.'))
    .sort()
    .map((name) => {
      const value = Buffer.from(calls.get(path, name) ?? []).toString('latin1');
      return `${name}=${JSON.stringify(value)}`;
    });
}

function typeOf(stat: BigIntStats): string {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'dir';
  if (stat.isSymbolicLink()) return 'link';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  return stat.isCharacterDevice() ? 'char' : 'block';
}

function pathOf(root: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);
}
