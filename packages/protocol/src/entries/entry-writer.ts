import type { ByteWriter } from '../bytes/byte-writer.ts';
import {
  writeLongKey,
  writeVarint,
  writeVarint30,
  writeVarlong,
  writeVarlong30,
} from '../bytes/integers.ts';
import type { Dialect } from '../session/dialect.ts';
import { AclListWriter, NO_ACL } from './acl-list.ts';
import { EntryFlag, writeEntryFlags, writeListEnd } from './entry-flags.ts';
import { NAME_MAX_BYTES } from './entry-name.ts';
import {
  createFileEntry,
  type EntryCodecOptions,
  type FileEntry,
  isDeviceMode,
  isDirectoryMode,
  isRegularMode,
  isSpecialMode,
  isSymlinkMode,
} from './file-entry.ts';
import { writeIdName } from './id-list.ts';
import { type XattrList, XattrListWriter } from './xattr-list.ts';

const SHARED_MAX_BYTES = 255;
const LONG_NAME_BYTES = 255;
const NO_XATTRS: XattrList = [];

/**
 * Writes the entries of all file lists of a session; counterpart of {@link FileEntryReader}, byte for
 * byte what rsync 3.5.0 writes.
 *
 * Layout and order of the fields: docs/spec/data.md §3.2 to §3.4.
 */
export class FileEntryWriter {
  readonly #dialect: Dialect;
  readonly #options: EntryCodecOptions;
  readonly #protocol: number;

  /** Whether an entry has been written in this session. */
  #begun: boolean = false;
  #name: string = '';
  #mode: number = 0;
  #mtime: number = 0;
  #atime: number = 0;
  #uid: number = 0;
  #gid: number = 0;
  #rdev: number = 0;
  #rdevMajor: number = 0;
  /** As on the wire: device number plus one. */
  #dev: number | bigint = 0;

  /** Entries in this list so far. */
  #count: number = 0;
  /** Leaders of this list by wire index, as they were written. */
  readonly #leaders: Map<number, FileEntry> = new Map();
  readonly #xattrs: XattrListWriter | undefined;
  readonly #acls: { readonly access: AclListWriter; readonly default: AclListWriter } | undefined;

  constructor(dialect: Dialect, options: EntryCodecOptions) {
    this.#dialect = dialect;
    this.#options = options;
    this.#protocol = dialect.protocol;
    this.#acls =
      options.acls === true
        ? { access: new AclListWriter(), default: new AclListWriter() }
        : undefined;
    this.#xattrs = options.xattrs === true ? new XattrListWriter() : undefined;
  }

  /**
   * Write an entry. `userName` and `groupName` are sent when they are present; the caller gives them
   * at the first sight of an id.
   *
   * @param firstOfList - index of the first entry of the list that this one belongs to
   */
  write(writer: ByteWriter, entry: FileEntry, firstOfList: number): void {
    const dialect = this.#dialect;
    const options = this.#options;
    const protocol = this.#protocol;
    const { mode, mtime, uid, gid, hardLink } = entry;
    const { conversion } = options;
    const name = conversion === undefined ? entry.name : conversion.nameToWire(entry.name);
    if (name.length > NAME_MAX_BYTES || name === '') {
      throw new RangeError(`name of ${name.length} bytes, 1 to ${NAME_MAX_BYTES} fit`);
    }
    const isDirectory = isDirectoryMode(mode);

    let flags = 0;
    if (isDirectory) {
      if (dialect.varints) {
        if (entry.topDir) flags |= EntryFlag.TOP_DIR;
        if (entry.noContent) flags |= EntryFlag.NO_CONTENT_DIR;
      } else if (entry.topDir && !entry.noContent) {
        flags |= EntryFlag.TOP_DIR;
      }
    }
    if (mode === this.#mode) flags |= EntryFlag.SAME_MODE;

    let rdev = 0;
    let rdevMajor = 0;
    let rdevMinor = 0;
    const isDevice = isDeviceMode(mode);
    const isSpecial = !isDevice && isSpecialMode(mode);
    const hasRdev =
      (isDevice && options.devices) || (isSpecial && options.specials && !dialect.plainSpecials);
    if (hasRdev) {
      rdevMajor = isSpecial ? this.#rdevMajor : entry.rdevMajor;
      rdevMinor = isSpecial ? 0 : entry.rdevMinor;
      if (!dialect.extendedFlags) {
        rdev = isSpecial ? this.#rdev : combineRdev(rdevMajor, rdevMinor);
        if (rdev === this.#rdev) flags |= EntryFlag.SAME_RDEV;
      } else {
        if (rdevMajor === this.#rdevMajor) flags |= EntryFlag.SAME_RDEV_MAJOR;
        if (!dialect.varints && rdevMinor >= 0 && rdevMinor <= 255) {
          flags |= EntryFlag.RDEV_MINOR_8;
        }
      }
    }

    const namedUser = this.#namedUser(entry);
    const namedGroup = this.#namedGroup(entry);
    if (!options.uid || (uid === this.#uid && this.#begun)) flags |= EntryFlag.SAME_UID;
    else if (namedUser) flags |= EntryFlag.USER_NAME_FOLLOWS;
    if (!options.gid || (gid === this.#gid && this.#begun)) flags |= EntryFlag.SAME_GID;
    else if (namedGroup) flags |= EntryFlag.GROUP_NAME_FOLLOWS;
    if (mtime === this.#mtime) flags |= EntryFlag.SAME_TIME;
    // At protocol 27 the flag would be lost with the second byte.
    const hasAtime = options.atimes && !isDirectory;
    if (hasAtime && entry.atime === this.#atime && dialect.extendedFlags) {
      flags |= EntryFlag.SAME_ATIME;
    }
    if (options.crtimes && entry.crtime === mtime && dialect.varintFlistFlags) {
      flags |= EntryFlag.CRTIME_EQ_MTIME;
    }

    let dev: number | bigint = this.#dev;
    if (hardLink !== undefined && options.hardLinks && !isDirectory && dialect.extendedFlags) {
      if (hardLink.kind === 'inode') {
        if (!dialect.hardLinkIndexes) {
          flags |= EntryFlag.HLINKED;
          dev = increment(hardLink.dev);
          if (dev === this.#dev) flags |= EntryFlag.SAME_DEV;
        }
      } else if (dialect.hardLinkIndexes) {
        flags |= EntryFlag.HLINKED;
        if (hardLink.kind === 'leader') flags |= EntryFlag.HLINK_FIRST;
      }
    }
    const hasNs = dialect.nanoseconds && entry.mtimeNs > 0 && entry.mtimeNs <= 999_999_999;
    if (hasNs) flags |= EntryFlag.MOD_NSEC;

    const shared = sharedLength(name, this.#name);
    const suffixLength = name.length - shared;
    if (shared > 0) flags |= EntryFlag.SAME_NAME;
    if (suffixLength > LONG_NAME_BYTES) flags |= EntryFlag.LONG_NAME;

    flags = writeEntryFlags(writer, dialect, flags, isDirectory);
    if (flags & EntryFlag.SAME_NAME) writer.u8(shared);
    if (flags & EntryFlag.LONG_NAME) writeVarint30(writer, suffixLength, protocol);
    else writer.u8(suffixLength);
    writer.string(name, shared);

    this.#begun = true;
    this.#name = name;
    const index = firstOfList + this.#count++;
    if (options.hardLinks && dialect.hardLinkIndexes && hardLink !== undefined && !isDirectory) {
      if (hardLink.kind === 'follower') {
        writeVarint(writer, hardLink.leader);
        if (hardLink.leader >= firstOfList) {
          // The reader takes the leader's fields; it may have changed since it was listed.
          this.#remember(this.#leaders.get(hardLink.leader) ?? entry);
          this.#writeAcls(writer, entry);
          this.#xattrs?.write(writer, entry.xattrs ?? NO_XATTRS);
          return;
        }
      } else if (hardLink.kind === 'leader') {
        this.#leaders.set(index, createFileEntry(entry));
      }
    }

    writeVarlong30(writer, entry.size, protocol, 3);
    if (!(flags & EntryFlag.SAME_TIME)) {
      if (dialect.varints) writeVarlong(writer, mtime, 4);
      else writer.u32(mtime);
    }
    if (hasNs) writeVarint(writer, entry.mtimeNs);
    if (options.crtimes && !(flags & EntryFlag.CRTIME_EQ_MTIME)) {
      writeVarlong(writer, entry.crtime, 4);
    }
    if (!(flags & EntryFlag.SAME_MODE)) writer.i32(mode);
    if (hasAtime && !(flags & EntryFlag.SAME_ATIME)) writeVarlong(writer, entry.atime, 4);
    if (!(flags & EntryFlag.SAME_UID)) {
      writeVarint30(writer, uid, protocol);
      if (namedUser) writeIdName(writer, entry.userName ?? '');
    }
    if (!(flags & EntryFlag.SAME_GID)) {
      writeVarint30(writer, gid, protocol);
      if (namedGroup) writeIdName(writer, entry.groupName ?? '');
    }
    if (hasRdev) {
      if (!dialect.extendedFlags) {
        if (!(flags & EntryFlag.SAME_RDEV)) writer.u32(rdev);
      } else {
        if (!(flags & EntryFlag.SAME_RDEV_MAJOR)) writeVarint30(writer, rdevMajor, protocol);
        if (dialect.varints) writeVarint(writer, rdevMinor);
        else if (flags & EntryFlag.RDEV_MINOR_8) writer.u8(rdevMinor);
        else writer.i32(rdevMinor);
      }
    }
    if (options.links && isSymlinkMode(mode)) {
      const target = conversion?.links?.toWire(entry.linkTarget) ?? entry.linkTarget;
      writeVarint30(writer, target.length, protocol);
      writer.string(target);
    }
    if (options.hardLinks && !dialect.hardLinkIndexes) {
      this.#writeInode(writer, entry, flags, dev);
    }
    if (options.checksumLength > 0 && (isRegularMode(mode) || !dialect.extendedFlags)) {
      if (entry.checksum === undefined) writer.zeros(options.checksumLength);
      else writer.bytes(entry.checksum.subarray(0, options.checksumLength));
    }
    this.#writeAcls(writer, entry);
    this.#xattrs?.write(writer, entry.xattrs ?? NO_XATTRS);

    this.#remember(entry);
    this.#rdev = rdev;
    this.#dev = dev;
  }

  /** End the list; `ioError` is written if this form of the end has a place for it. */
  end(writer: ByteWriter, ioError: number): void {
    this.#count = 0;
    this.#leaders.clear();
    writeListEnd(writer, this.#dialect, ioError);
  }

  #namedUser(entry: FileEntry): boolean {
    return this.#dialect.varints && this.#options.inlineNames && entry.userName !== undefined;
  }

  #namedGroup(entry: FileEntry): boolean {
    return this.#dialect.varints && this.#options.inlineNames && entry.groupName !== undefined;
  }

  #writeAcls(writer: ByteWriter, { mode, acls }: FileEntry): void {
    if (this.#acls === undefined || isSymlinkMode(mode)) return;
    this.#acls.access.write(writer, acls?.access ?? NO_ACL);
    if (isDirectoryMode(mode)) this.#acls.default.write(writer, acls?.default ?? NO_ACL);
  }

  #remember(entry: FileEntry): void {
    const { mode } = entry;
    this.#mode = mode;
    this.#mtime = entry.mtime;
    this.#uid = entry.uid;
    this.#gid = entry.gid;
    if (this.#options.atimes && !isDirectoryMode(mode)) this.#atime = entry.atime;
    if (this.#options.devices && isDeviceMode(mode)) this.#rdevMajor = entry.rdevMajor;
  }

  #writeInode(writer: ByteWriter, entry: FileEntry, flags: number, dev: number | bigint): void {
    const { hardLink } = entry;
    if (!this.#dialect.extendedFlags) {
      // Protocol 27 has no flag for it: every regular file has the numbers.
      if (!isRegularMode(entry.mode)) return;
      if (hardLink?.kind !== 'inode') {
        throw new TypeError('protocol 27 sends device and inode of every regular file');
      }
      writeLongKey(writer, increment(hardLink.dev));
      writeLongKey(writer, hardLink.ino);
    } else if (flags & EntryFlag.HLINKED && hardLink?.kind === 'inode') {
      if (!(flags & EntryFlag.SAME_DEV)) writeLongKey(writer, dev);
      writeLongKey(writer, hardLink.ino);
    }
  }
}

/** Bytes that two names have in common at their start, at most 255. */
function sharedLength(name: string, previous: string): number {
  const most = Math.min(name.length, previous.length, SHARED_MAX_BYTES);
  let length = 0;
  while (length < most && name.charCodeAt(length) === previous.charCodeAt(length)) length++;
  return length;
}

/** Linux's 32-bit device number. */
function combineRdev(major: number, minor: number): number {
  return ((minor & 0xff) | ((major & 0xfff) << 8) | ((minor & 0xfff00) << 12)) >>> 0;
}

/** The device number is sent plus one, so that 0 can mean "none". */
function increment(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value + 1 : value + 1n;
}
