import type { Dialect, HardLinkInfo } from '@deltawire/protocol';

/** What identifies a file: device and inode. */
interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: number;
}

/**
 * The sender's memory of files with several names (docs/spec/data.md §3.7). It knows only files with
 * more than one link, so its size is bounded by those.
 */
export class HardLinkTable {
  readonly #useIndexes: boolean;
  readonly #everyFile: boolean;
  readonly #leaders = new Map<bigint, Map<bigint, number>>();

  /** Up to protocol 29 entries carry device and inode, in 27 those of every regular file. */
  constructor(dialect: Pick<Dialect, 'extendedFlags' | 'hardLinkIndexes'>) {
    this.#useIndexes = dialect.hardLinkIndexes;
    this.#everyFile = !dialect.extendedFlags;
  }

  /** What the entry with this wire index (list start + place in sending order) has to say. */
  see(file: FileIdentity, wireIndex: number): HardLinkInfo | undefined {
    if (!this.#useIndexes) {
      if (file.nlink < 2 && !this.#everyFile) return undefined;
      return { kind: 'inode', dev: file.dev, ino: file.ino };
    }
    if (file.nlink < 2) return undefined;
    let inodes = this.#leaders.get(file.dev);
    if (inodes === undefined) {
      inodes = new Map();
      this.#leaders.set(file.dev, inodes);
    }
    const leader = inodes.get(file.ino);
    if (leader !== undefined) return { kind: 'follower', leader };
    inodes.set(file.ino, wireIndex);
    return { kind: 'leader' };
  }
}
