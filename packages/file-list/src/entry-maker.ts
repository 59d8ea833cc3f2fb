import {
  deviceAsFile,
  type FileStat,
  FileTypeBits,
  isReadable,
  lstat,
  readLink,
  stat,
  statError,
} from '@deltawire/filesystem';
import type { FilterScope } from '@deltawire/filters';
import { createFileEntry, type FileEntry } from '@deltawire/protocol';
import { HardLinkTable } from './hard-link-table.ts';
import type { ScanLog } from './scan-log.ts';
import type { ScanOptions } from './scan-options.ts';
import { localPathOfName, type SourceRoot } from './source-root.ts';
import { isUnsafeSymlink } from './unsafe-symlink.ts';

/** Why something is in the list. */
export type EntryKind = 'argument' | 'child' | 'implied';

/** What there is to know about one thing to send. */
export interface EntryRequest {
  readonly root: SourceRoot;
  readonly name: string;
  readonly kind: EntryKind;
  /** Rules that decide about it; undefined sends everything. */
  readonly scope: FilterScope | undefined;
  /** Follow a symlink whatever the options say: the argument ended in a slash. */
  readonly followLink: boolean;
  /** `-x`: the file system to stay on. */
  readonly device: bigint | undefined;
  /** The index it gets on the wire, in sending order. */
  readonly wireIndex: number;
}

/** What became of it. */
export interface MadeEntry {
  readonly entry: FileEntry;
  readonly stat: FileStat | undefined;
  /** A directory on another file system: sent without what is in it. */
  readonly isMountPoint: boolean;
}

interface Found {
  readonly stat: FileStat;
  readonly target: string;
}

/** Names of this many bytes do not fit into a path (docs/spec/data.md §14). */
const MAX_NAME_BYTES = 4096;
const MUNGE_PREFIX = '/rsyncd-munged/';

/** Makes list entries of files: which stat counts, what is left out, what is told about it. */
export class EntryMaker {
  readonly #options: ScanOptions;
  readonly #log: ScanLog;
  readonly #hardLinks: HardLinkTable | undefined;

  constructor(options: ScanOptions, log: ScanLog) {
    this.#options = options;
    this.#log = log;
    if (options.hardLinks) this.#hardLinks = new HardLinkTable(options.dialect);
  }

  /** The entry for a name, or undefined when it is left out (the reason has been reported). */
  make(request: EntryRequest): MadeEntry | undefined {
    const { root, name, kind, scope } = request;
    if (name.length >= MAX_NAME_BYTES) {
      const excess = name.length - MAX_NAME_BYTES + 1;
      this.#log.error(`filename overflows max-path len by ${excess}: ${name}`);
      return undefined;
    }
    const path = localPathOfName(root, name);
    const found = this.#look(path, request);
    if (found === undefined) return undefined;
    if (found === 'missing') {
      const objection = this.#options.objectionTo?.(name, '', path);
      if (objection !== undefined) {
        this.#log.error(objection);
        return undefined;
      }
      return { entry: createFileEntry({ name }), stat: undefined, isMountPoint: false };
    }
    if (this.#isHidden(path, found.stat)) return undefined;
    if (kind === 'child' && this.#isUnreadable(path, found.stat)) return undefined;
    const isDirectory = found.stat.type === 'directory';
    const isNamed = kind !== 'implied' && name !== '.' && name !== '/.';
    if (isNamed && scope?.decide(withoutRoot(name), isDirectory) === 'exclude') return undefined;
    const isMountPoint =
      kind === 'child' &&
      isDirectory &&
      request.device !== undefined &&
      found.stat.dev !== request.device;
    if (isMountPoint && (this.#options.oneFileSystem ?? 0) > 1) return undefined;
    const { xattrsOf, objectionTo } = this.#options;
    const objection = objectionTo?.(name, found.target, path);
    if (objection !== undefined) {
      this.#log.error(objection);
      return undefined;
    }
    const xattrs = xattrsOf?.(path, found.stat);
    if (xattrs === undefined && xattrsOf !== undefined) return undefined;
    const entry = this.#describe(path, found, request);
    entry.xattrs = xattrs;
    const { aclsOf } = this.#options;
    if (aclsOf !== undefined) {
      entry.acls = aclsOf(path, found.stat);
      if (entry.acls === undefined) return undefined;
    }
    return { entry, stat: found.stat, isMountPoint };
  }

  /** Whether a source argument exists; reports it when not. `missing` under `--delete-missing-args`. */
  checkArgument(
    root: SourceRoot,
    name: string,
    followLink: boolean,
  ): FileStat | 'missing' | undefined {
    const path = localPathOfName(root, name);
    const follow = followLink || this.#options.copyLinks === true;
    try {
      this.#options.checkPath?.(path, false);
      const found = this.#stat(path, follow);
      if (found !== undefined && !this.#isHidden(path, found)) return found;
    } catch (error) {
      this.#log.argument(path, error);
      return undefined;
    }
    return this.#missingArgument(path, follow);
  }

  #isHidden(path: string, found: FileStat): boolean {
    return this.#options.isHidden?.(path, found.type === 'directory') === true;
  }

  #isUnreadable(path: string, found: FileStat): boolean {
    if (this.#options.ignoreNonreadable !== true || found.type === 'symlink') return false;
    return !isReadable(path);
  }

  #missingArgument(path: string, follow: boolean): 'missing' | undefined {
    const { missingArgs = 'report' } = this.#options;
    if (missingArgs === 'delete') return 'missing';
    if (missingArgs === 'report') this.#log.argument(path, statError(path, follow));
    return undefined;
  }

  /** The stat that counts: of the link or of what it leads to. */
  #look(path: string, request: EntryRequest): Found | 'missing' | undefined {
    const { kind } = request;
    const follow = kind === 'implied' || request.followLink || this.#options.copyLinks === true;
    try {
      const own = this.#stat(path, follow);
      if (own === undefined) return this.#reportMissing(path, request, follow);
      if (own.type !== 'symlink') return { stat: own, target: '' };
      return this.#lookAtLink(path, own, request);
    } catch (error) {
      if (kind === 'argument') this.#log.argument(path, error);
      else this.#log.item(path, error);
      return undefined;
    }
  }

  #stat(path: string, follow: boolean): FileStat | undefined {
    const found = follow ? stat(path) : lstat(path);
    const { standIns, copyDevices } = this.#options;
    if (found === undefined) return undefined;
    if (copyDevices === true) return asContent(found);
    return standIns === undefined ? found : standIns.see(path, found);
  }

  #reportMissing(path: string, request: EntryRequest, follow: boolean): 'missing' | undefined {
    if (request.kind === 'argument') return this.#missingArgument(path, follow);
    if (follow && request.kind === 'child' && lstat(path)?.type === 'symlink') {
      // A broken link that the rules leave out is nobody's problem.
      if (request.scope?.decide(withoutRoot(request.name), false) !== 'exclude') {
        this.#log.noReferent(path);
      }
    } else {
      this.#log.item(path, statError(path, follow));
    }
    return undefined;
  }

  #lookAtLink(path: string, own: FileStat, request: EntryRequest): Found | undefined {
    const { copyUnsafeLinks, copyDirlinks, mungeLinks } = this.#options;
    let target = this.#options.standIns?.linkTarget(path, own) ?? readLink(path);
    if (target === '') {
      this.#log.error(`skipping symlink with 0-length value: "${request.name}"`);
      return undefined;
    }
    if (mungeLinks && target.startsWith(MUNGE_PREFIX)) target = target.slice(MUNGE_PREFIX.length);
    if (copyUnsafeLinks && isUnsafeSymlink(target, request.name)) {
      this.#log.copiedUnsafe(request.name, target);
      const referent = stat(path);
      if (referent === undefined) {
        this.#log.noReferent(path);
        return undefined;
      }
      return { stat: referent, target: '' };
    }
    if (copyDirlinks) {
      const referent = referentOf(path);
      if (referent?.type === 'directory') return { stat: referent, target: '' };
    }
    return { stat: own, target };
  }

  #describe(path: string, found: Found, request: EntryRequest): FileEntry {
    const { userNames, groupNames, inlineNames, checksumOf, adjustMode } = this.#options;
    const { stat, target } = found;
    const isDirectory = stat.type === 'directory';
    const userName = userNames?.firstSight(stat.uid);
    const groupName = groupNames?.firstSight(stat.gid);
    const hasSize = isDirectory || stat.type === 'file' || stat.type === 'symlink';
    const isFile = stat.type === 'file';
    const mayLink = this.#hardLinks && !isDirectory;
    return createFileEntry({
      name: request.name,
      mode: adjustMode && stat.type !== 'symlink' ? adjusted(stat, adjustMode) : stat.mode,
      size: hasSize ? stat.size : 0,
      mtime: stat.mtime,
      mtimeNs: stat.mtimeNs,
      atime: stat.atime,
      atimeNs: stat.atimeNs,
      uid: stat.uid,
      gid: stat.gid,
      userName: inlineNames ? userName : undefined,
      groupName: inlineNames ? groupName : undefined,
      rdevMajor: stat.rdevMajor,
      rdevMinor: stat.rdevMinor,
      linkTarget: this.#options.links ? target : '',
      checksum: isFile ? checksumOf?.(path, stat) : undefined,
      hardLink: mayLink ? this.#hardLinks?.see(stat, request.wireIndex) : undefined,
    });
  }
}

/** What a link leads to; undefined also where it cannot be followed. */
function referentOf(path: string): FileStat | undefined {
  try {
    return stat(path);
  } catch {
    return undefined;
  }
}

/** A device's own time says nothing about its content: as in rsync, that is as old as the list. */
function asContent(found: FileStat): FileStat {
  const file = deviceAsFile(found);
  return file === found ? found : { ...file, mtime: Math.floor(Date.now() / 1000), mtimeNs: 0 };
}

function adjusted(stat: FileStat, adjust: (mode: number, isDirectory: boolean) => number): number {
  const bits = adjust(stat.mode & 0o7777, stat.type === 'directory') & 0o7777;
  return (stat.mode & FileTypeBits.MASK) | bits;
}

/** Filter rules see names without the leading slash that `--relative` keeps. */
function withoutRoot(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name;
}
