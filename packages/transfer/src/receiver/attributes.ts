import { applyChmod, type ChmodRule, destinationMode, parseChmod } from '@deltawire/file-list';
import {
  type AttributeErrorHandler,
  applyAttributes,
  type FileStat,
  groupsOfProcess,
  type WantedAttributes,
} from '@deltawire/filesystem';
import { type FileEntry, ItemFlag } from '@deltawire/protocol';
import type { TransferOptions } from '../options.ts';
import type { Role, Session } from '../session.ts';
import type { AclPolicy } from './acl-policy.ts';
import { isDirectory, isRegular, isSymlink, PERMISSION_BITS } from './kinds.ts';
import type { XattrPolicy } from './xattr-policy.ts';

/**
 * Which attributes of the source the destination takes over, when they count as equal, and how
 * they are set (docs/spec/data.md §8.3, §9.5, §9.6, §10.1).
 */
export class AttributePolicy {
  readonly #session: Session;
  readonly #options: TransferOptions;
  readonly #umask: number;
  readonly #incomingChmod: readonly ChmodRule[];
  readonly #root: boolean;
  readonly #groups: ReadonlySet<number> = groupsOfProcess();
  /** With `--xattrs`. */
  readonly xattrs: XattrPolicy | undefined;

  /** With `--acls`. */
  readonly acls: AclPolicy | undefined;

  constructor(session: Session, xattrs?: XattrPolicy, acls?: AclPolicy) {
    this.#session = session;
    this.#root = session.superUser;
    this.xattrs = xattrs;
    this.acls = acls;
    this.#options = session.options;
    this.#umask = process.umask();
    const { incomingChmod = '' } = session.options;
    this.#incomingChmod = incomingChmod === '' ? [] : parseChmod(incomingChmod);
  }

  /** Whether times of this kind of entry are preserved. */
  keepsTimes(entry: FileEntry): boolean {
    if (!this.#options.times) return false;
    if (isDirectory(entry.mode)) return !this.#options.omitDirTimes && !this.#backsUpBeside;
    if (isSymlink(entry.mode)) return !this.#options.omitLinkTimes;
    return true;
  }

  /** Backups change the directories that they are made in: as in rsync, those get no times. */
  get #backsUpBeside(): boolean {
    return this.#options.backup && this.#options.backupDir === undefined;
  }

  /** The owner to set, or undefined when owners are left alone. */
  #owner(entry: FileEntry): number | undefined {
    return this.#options.owner && (this.#root || this.#session.fake) ? entry.uid : undefined;
  }

  #group(entry: FileEntry): number | undefined {
    if (!this.#options.group) return undefined;
    const may = this.#root || this.#session.fake !== undefined || this.#groups.has(entry.gid);
    return may ? entry.gid : undefined;
  }

  /** Permission bits the destination should have. */
  modeFor(entry: FileEntry, existing: FileStat | undefined): number {
    if (isSymlink(entry.mode)) return entry.mode & PERMISSION_BITS;
    const mode = this.#options.perms ? entry.mode : this.#localMode(entry, existing);
    if (this.#incomingChmod.length === 0) return mode & PERMISSION_BITS;
    const isFolder = isDirectory(entry.mode);
    return applyChmod(this.#incomingChmod, mode, isFolder, this.#umask) & PERMISSION_BITS;
  }

  /** The mode of the destination, where those of the source are not preserved. */
  #localMode(entry: FileEntry, existing: FileStat | undefined): number {
    return destinationMode({
      sourceMode: entry.mode,
      existingMode: existing?.mode,
      isDirectory: isDirectory(entry.mode),
      executability: this.#options.executability,
      umask: this.#umask,
    });
  }

  /** Modes that only a daemon's `incoming chmod` changes are not worth a word. */
  get #reportsModes(): boolean {
    return this.#incomingChmod.length === 0 || this.#options.perms;
  }

  /** Whether the modification times count as equal. */
  sameTime(entry: FileEntry, stat: FileStat): boolean {
    const window = this.#options.modifyWindow;
    if (window === 0) return entry.mtime === stat.mtime;
    if (window < 0) return entry.mtime === stat.mtime && entry.mtimeNs === stat.mtimeNs;
    return Math.abs(entry.mtime - stat.mtime) <= window;
  }

  /** Whether the present time is left alone: with `--checksum` a file's is made the same to the nanosecond. */
  #mayKeepTime(entry: FileEntry, stat: FileStat): boolean {
    const same = entry.mtime === stat.mtime && entry.mtimeNs === stat.mtimeNs;
    return (
      same || (this.sameTime(entry, stat) && !(this.#options.checksum && isRegular(entry.mode)))
    );
  }

  /** Item flags of something that was not there. */
  flagsOfNew(entry: FileEntry): number {
    return ItemFlag.IS_NEW | (this.xattrs?.flagOfNew(entry) ?? 0);
  }

  /**
   * Item flags for what differs between the item at `path` and the entry. `iflags` tells whether it is
   * changed: a time that is not kept becomes another one then, unless it comes with a `matched` file.
   */
  differences(
    entry: FileEntry,
    path: string,
    stat: FileStat,
    iflags: number,
    matched = false,
  ): number {
    let bits = this.#statDifferences(entry, stat, iflags, matched);
    if (this.acls !== undefined) bits |= this.acls.differences(entry, path, stat);
    return this.xattrs === undefined ? bits : bits | this.xattrs.differences(entry, path, true);
  }

  /** Whether nothing differs but, perhaps, the access time. */
  isSame(entry: FileEntry, path: string, stat: FileStat): boolean {
    const bits = this.#statDifferences(entry, stat, 0, false) & ~ItemFlag.REPORT_ATIME;
    if (bits !== 0 || this.acls?.differences(entry, path, stat)) return false;
    return (this.xattrs?.differences(entry, path, false) ?? 0) === 0;
  }

  #statDifferences(entry: FileEntry, stat: FileStat, iflags: number, matched: boolean): number {
    let bits = 0;
    const o = this.#options;
    if (isRegular(entry.mode) && entry.size !== stat.size) bits |= ItemFlag.REPORT_SIZE;
    if (this.keepsTimes(entry)) {
      if (!this.sameTime(entry, stat)) bits |= ItemFlag.REPORT_TIME;
    } else if ((iflags & (ItemFlag.TRANSFER | ItemFlag.LOCAL_CHANGE)) !== 0 && !matched) {
      bits |= ItemFlag.REPORT_TIME;
    }
    if (o.atimes > 0 && isRegular(entry.mode) && entry.atime !== stat.atime) {
      bits |= ItemFlag.REPORT_ATIME;
    }
    if (
      !isSymlink(entry.mode) &&
      this.#reportsModes &&
      this.modeFor(entry, stat) !== (stat.mode & PERMISSION_BITS)
    ) {
      bits |= ItemFlag.REPORT_PERMS;
    }
    const uid = this.#owner(entry);
    if (uid !== undefined && uid !== stat.uid) bits |= ItemFlag.REPORT_OWNER;
    const gid = this.#group(entry);
    if (gid !== undefined && gid !== stat.gid) bits |= ItemFlag.REPORT_GROUP;
    return bits;
  }

  /**
   * What to set on an item. `stat` is its present state, or undefined for an item just created,
   * which gets its times to the nanosecond; an existing item whose time counts as equal keeps its
   * own (docs/spec/data.md §8.5).
   */
  wanted(entry: FileEntry, stat: FileStat | undefined, setTimes: boolean): WantedAttributes {
    const wanted: WantedAttributes = {};
    if (!isSymlink(entry.mode)) wanted.mode = this.modeFor(entry, stat);
    const uid = this.#owner(entry);
    if (uid !== undefined) wanted.uid = uid;
    const gid = this.#group(entry);
    if (gid !== undefined) wanted.gid = gid;
    if (setTimes && this.keepsTimes(entry)) {
      if (stat === undefined || !this.#mayKeepTime(entry, stat)) {
        wanted.mtime = entry.mtime;
        wanted.mtimeNs = entry.mtimeNs;
      }
      if (this.#options.atimes > 0 && !isDirectory(entry.mode)) {
        wanted.atime = entry.atime;
        wanted.atimeNs = 0;
      }
    }
    return wanted;
  }

  /**
   * What is to be set on a file that is `current` now, so that it is what is wanted of the entry;
   * `shown` is what messages call it.
   */
  adapt(
    entry: FileEntry,
    wanted: WantedAttributes,
    current: FileStat,
    shown: string,
    role: Role = 'generator',
  ): WantedAttributes {
    const { acls } = this;
    if (acls !== undefined) {
      const { mode = current.mode } = wanted;
      wanted.beforeMode = (target) => acls.apply(entry, target, mode, shown, role);
    }
    return this.#session.fake?.adapt(entry, wanted, current) ?? wanted;
  }

  /** Set what differs on `path`; failures become messages. Returns whether all could be set. */
  apply(
    entry: FileEntry,
    path: string,
    wanted: WantedAttributes,
    current: FileStat,
    role: Role = 'generator',
  ): boolean {
    let complete = true;
    const report = this.report(path, role);
    this.#set(entry, path, wanted, current, role, (what, error) => {
      complete = false;
      report(what, error);
    });
    return complete;
  }

  /** The same where a failure before has been reported: what fails again is nothing new. */
  applyAgain(entry: FileEntry, path: string, wanted: WantedAttributes, current: FileStat): void {
    this.#set(entry, path, wanted, current, 'generator', () => {});
  }

  #set(
    entry: FileEntry,
    path: string,
    wanted: WantedAttributes,
    current: FileStat,
    role: Role,
    onError: AttributeErrorHandler,
  ): void {
    const real = this.#session.fake?.realOf(current) ?? current;
    applyAttributes(path, this.adapt(entry, wanted, current, path, role), real, onError);
  }

  /** Turns a failure to set one attribute into rsync's message. */
  report(path: string, role: Role): AttributeErrorHandler {
    return (what, error) => {
      const call =
        what === 'times'
          ? 'failed to set times on'
          : what === 'mode'
            ? 'failed to set permissions on'
            : what === 'owner'
              ? 'chown'
              : 'chgrp';
      const quoted = `${call} ${this.#session.showPath(path)}${what === 'owner' || what === 'group' ? ' failed' : ''}`;
      this.#session.systemError(role, quoted, error);
    };
  }
}
