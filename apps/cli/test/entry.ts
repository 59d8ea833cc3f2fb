import { lstatSync, readlinkSync } from 'node:fs';
import { createFileEntry, type FileEntry } from '@deltawire/protocol';

/** The list entry of a local file, as a sender would make it; `name` is a byte string. */
export function entryOf(path: string | Buffer, name: string): FileEntry {
  const stat = lstatSync(path);
  return createFileEntry({
    name,
    mode: stat.mode,
    size: stat.size,
    mtime: Math.floor(stat.mtimeMs / 1000),
    atime: Math.floor(stat.atimeMs / 1000),
    uid: stat.uid,
    gid: stat.gid,
    linkTarget: stat.isSymbolicLink() ? readlinkSync(path, 'latin1') : '',
  });
}
