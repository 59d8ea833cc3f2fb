import type { ByteReader } from '../bytes/byte-reader.ts';
import {
  readLongKey,
  readVarint,
  readVarint30,
  readVarlong,
  readVarlong30,
} from '../bytes/integers.ts';
import { decodeByteString, encodeByteString } from '../bytes/strings.ts';
import { LimitError, ProtocolError, requireRange } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';
import { AclListReader, type EntryAcls, type ReadAcl } from './acl-list.ts';
import { EntryFlag, isListEnd, readEntryFlags, readListError } from './entry-flags.ts';
import { LINK_TARGET_MAX_BYTES, NAME_MAX_BYTES, readEntryName } from './entry-name.ts';
import {
  createFileEntry,
  type EntryCodecOptions,
  FILE_TYPE_MASK,
  type FileEntry,
  type HardLinkInfo,
  isDeviceMode,
  isDirectoryMode,
  isRegularMode,
  isSpecialMode,
  isSymlinkMode,
} from './file-entry.ts';
import { type ReadXattrs, XattrListReader } from './xattr-list.ts';

/** What {@link FileEntryReader.read} returns behind the last entry of a list. */
export interface ListEnd {
  readonly end: true;
  /** io_error bits that came with the end, 0 to 7. */
  readonly ioError: number;
}

interface ReadAcls {
  readonly access: ReadAcl;
  readonly default: ReadAcl | undefined;
}

const leaderInfo: HardLinkInfo = Object.freeze({ kind: 'leader' });

/** Bits of the types that exist: type >> 12. */
const TYPES = (1 << 12) | (1 << 10) | (1 << 8) | (1 << 6) | (1 << 4) | (1 << 2) | (1 << 1);

/**
 * Reads the entries of all file lists of a session. Many fields are sent only when they differ from
 * the previous entry's; that state runs on from list to list.
 *
 * `read` may be run through `DecodeBuffer.attempt`: it changes the reader's state only when the whole
 * entry was there. Entries belong to the caller, who may modify them.
 *
 * Layout and order of the fields: docs/spec/data.md §3.2.
 */
export class FileEntryReader {
  readonly #dialect: Dialect;
  readonly #options: EntryCodecOptions;
  readonly #protocol: number;

  /** The previous name as it was on the wire. */
  readonly #name: Uint8Array = new Uint8Array(NAME_MAX_BYTES);
  #nameLength: number = 0;
  #mode: number = 0;
  #mtime: number = 0;
  #atime: number = 0;
  #uid: number = 0;
  #gid: number = 0;
  /** The 32-bit device number of protocol 27. */
  #rdev: number = 0;
  #rdevMajor: number = 0;
  /** Device of the previous hard-linked entry, protocol 28 and 29, as it was on the wire. */
  #dev: number | bigint = 0;

  #listStart: number = 0;
  #nextIndex: number = 0;
  /** The leaders of this list, as they arrived, and the indexes of those of earlier lists. */
  readonly #leaders: Map<number, FileEntry> = new Map();
  readonly #earlierLeaders: Set<number> = new Set();
  /** Below protocol 30: name of the last top directory while its contents go on. */
  #scope: string | undefined;
  readonly #xattrs: XattrListReader | undefined;
  readonly #acls: { readonly access: AclListReader; readonly default: AclListReader } | undefined;

  constructor(dialect: Dialect, options: EntryCodecOptions) {
    this.#dialect = dialect;
    this.#options = options;
    this.#protocol = dialect.protocol;
    this.#acls =
      options.acls === true
        ? { access: new AclListReader(), default: new AclListReader() }
        : undefined;
    this.#xattrs = options.xattrs === true ? new XattrListReader() : undefined;
  }

  /** Call before each list: `start` is the index of its first entry. */
  beginList(start: number): void {
    for (const index of this.#leaders.keys()) this.#earlierLeaders.add(index);
    this.#leaders.clear();
    this.#listStart = start;
    this.#nextIndex = start;
  }

  /**
   * The next entry, or the end of the list.
   *
   * @throws ProtocolError (exit code 2 or 4), LimitError (exit code 2, 4, 12 or 22)
   */
  read(reader: ByteReader): FileEntry | ListEnd {
    const dialect = this.#dialect;
    const options = this.#options;
    const protocol = this.#protocol;
    const flags = readEntryFlags(reader, dialect);
    if (isListEnd(flags, dialect)) {
      return { end: true, ioError: readListError(reader, dialect, flags) };
    }

    const shared = flags & EntryFlag.SAME_NAME ? reader.u8() : 0;
    const suffixLength = flags & EntryFlag.LONG_NAME ? readVarint30(reader, protocol) : reader.u8();
    this.#checkNameLength(shared, suffixLength);
    const suffix = reader.bytes(suffixLength);

    let hardLink: HardLinkInfo | undefined;
    if (flags & EntryFlag.HLINKED && dialect.extendedFlags) {
      if (!options.hardLinks) throw incompatible('hard link without --hard-links');
      if (dialect.hardLinkIndexes) {
        if (flags & EntryFlag.HLINK_FIRST) {
          hardLink = leaderInfo;
        } else {
          const leader = readVarint(reader);
          if (leader >= this.#listStart) {
            return this.#abbreviated(reader, leader, shared, suffix);
          }
          if (!this.#earlierLeaders.has(leader)) {
            throw incompatible(`hard link to ${leader}, which no list has`);
          }
          hardLink = { kind: 'follower', leader };
        }
      }
    }

    const size = readVarlong30(reader, protocol, 3);
    if (size < 0) throw new LimitError('file length', size, 0, { exitCode: ExitCode.UNSUPPORTED });

    const mtime =
      flags & EntryFlag.SAME_TIME
        ? this.#mtime
        : dialect.varints
          ? readVarlong(reader, 4)
          : reader.u32();
    let mtimeNs = 0;
    if (flags & EntryFlag.MOD_NSEC && dialect.nanoseconds) {
      mtimeNs = readVarint(reader);
      requireRange('nanoseconds', mtimeNs, 0, 999_999_999, ExitCode.PROTOCOL);
    }
    let crtime = 0;
    if (options.crtimes) {
      crtime = flags & EntryFlag.CRTIME_EQ_MTIME ? mtime : readVarlong(reader, 4);
    }

    const mode = flags & EntryFlag.SAME_MODE ? this.#mode : this.#readMode(reader);
    const isDirectory = isDirectoryMode(mode);
    if (isDirectory && flags & EntryFlag.HLINKED && dialect.extendedFlags) {
      throw incompatible('hard-linked directory');
    }

    let atime = 0;
    if (options.atimes && !isDirectory) {
      atime = flags & EntryFlag.SAME_ATIME ? this.#atime : readVarlong(reader, 4);
    }

    let uid = 0;
    let userName: string | undefined;
    if (options.uid) {
      uid = this.#uid;
      if (!(flags & EntryFlag.SAME_UID)) {
        uid = readVarint30(reader, protocol) >>> 0;
        if (flags & EntryFlag.USER_NAME_FOLLOWS && dialect.varints) {
          userName = reader.string(reader.u8());
        }
      }
    }
    let gid = 0;
    let groupName: string | undefined;
    if (options.gid) {
      gid = this.#gid;
      if (!(flags & EntryFlag.SAME_GID)) {
        gid = readVarint30(reader, protocol) >>> 0;
        if (flags & EntryFlag.GROUP_NAME_FOLLOWS && dialect.varints) {
          groupName = reader.string(reader.u8());
        }
      }
    }

    let rdev = 0;
    let rdevMajor = 0;
    let rdevMinor = 0;
    const isDevice = isDeviceMode(mode);
    const hasRdev =
      (isDevice && options.devices) ||
      (options.specials && !dialect.plainSpecials && isSpecialMode(mode));
    if (hasRdev) {
      if (!dialect.extendedFlags) {
        rdev = flags & EntryFlag.SAME_RDEV ? this.#rdev : reader.u32();
        rdevMajor = (rdev >>> 8) & 0xfff;
        rdevMinor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
      } else {
        rdevMajor =
          flags & EntryFlag.SAME_RDEV_MAJOR ? this.#rdevMajor : readVarint30(reader, protocol);
        rdevMinor = dialect.varints
          ? readVarint(reader)
          : flags & EntryFlag.RDEV_MINOR_8
            ? reader.u8()
            : reader.i32();
      }
    }

    let linkTarget = '';
    if (options.links && isSymlinkMode(mode)) {
      const length = readVarint30(reader, protocol);
      requireRange('symlink target length', length, 0, LINK_TARGET_MAX_BYTES, ExitCode.MALLOC);
      linkTarget = reader.string(length);
      if (linkTarget.includes('\0')) throw incompatible('NUL in a symlink target');
    }

    let dev = this.#dev;
    if (options.hardLinks && !dialect.hardLinkIndexes) {
      const sent = dialect.extendedFlags ? flags & EntryFlag.HLINKED : isRegularMode(mode);
      if (sent) {
        const same = dialect.extendedFlags && flags & EntryFlag.SAME_DEV;
        if (!same) dev = readLongKey(reader);
        hardLink = { kind: 'inode', dev: decrement(dev), ino: readLongKey(reader) };
      }
    }

    let checksum: Uint8Array | undefined;
    if (options.checksumLength > 0 && (isRegularMode(mode) || !dialect.extendedFlags)) {
      checksum = reader.bytes(options.checksumLength).slice();
    }
    const acls = this.#readAcls(reader, mode);
    const xattrs = this.#xattrs?.read(reader);

    // Everything has arrived: from here on the state changes.
    let name = this.#commitName(shared, suffix);
    const { links: linkConversion } = options.conversion ?? {};
    if (linkConversion !== undefined && linkTarget !== '' && name !== '') {
      const target = linkConversion.fromWire(linkTarget, name);
      if (target === undefined) name = '';
      else linkTarget = target;
    }
    if (name === '.' && !isDirectory) throw incompatible('"." is not a directory');
    this.#mode = mode;
    this.#mtime = mtime;
    if (options.atimes && !isDirectory) this.#atime = atime;
    this.#uid = uid;
    this.#gid = gid;
    this.#rdev = rdev;
    if (hasRdev) this.#rdevMajor = rdevMajor;
    this.#dev = dev;
    const index = this.#nextIndex++;

    const topDir = isDirectory && (flags & EntryFlag.TOP_DIR) !== 0;
    const noContent =
      isDirectory &&
      (dialect.varints
        ? (flags & EntryFlag.NO_CONTENT_DIR) !== 0
        : !this.#hasContent(name, topDir));
    const isSpecial = hasRdev && !isDevice;
    const entry: FileEntry = {
      name,
      mode,
      size,
      mtime,
      mtimeNs,
      atime,
      atimeNs: 0,
      crtime,
      uid,
      gid,
      userName,
      groupName,
      rdevMajor: isSpecial ? 0 : rdevMajor,
      rdevMinor: isSpecial ? 0 : rdevMinor,
      linkTarget,
      checksum,
      topDir,
      noContent,
      hardLink,
      acls: this.#keepAcls(acls),
      xattrs: this.#keep(xattrs),
    };
    if (hardLink === leaderInfo) this.#leaders.set(index, createFileEntry(entry));
    return entry;
  }

  /** An entry whose fields are those of its leader in the same list. */
  #abbreviated(reader: ByteReader, leader: number, shared: number, suffix: Uint8Array): FileEntry {
    const first = this.#leaders.get(leader);
    if (first === undefined) throw incompatible(`hard link to ${leader}, which no list has`);
    const acls = this.#readAcls(reader, first.mode);
    const xattrs = this.#xattrs?.read(reader);
    const entry = createFileEntry(first);
    entry.acls = this.#keepAcls(acls);
    entry.xattrs = this.#keep(xattrs);
    entry.name = this.#commitName(shared, suffix);
    entry.userName = undefined;
    entry.groupName = undefined;
    entry.hardLink = { kind: 'follower', leader };
    this.#mode = first.mode;
    this.#mtime = first.mtime;
    this.#atime = first.atime;
    this.#uid = first.uid;
    this.#gid = first.gid;
    if (this.#options.devices && isDeviceMode(first.mode)) this.#rdevMajor = first.rdevMajor;
    this.#nextIndex++;
    return entry;
  }

  #readAcls(reader: ByteReader, mode: number): ReadAcls | undefined {
    if (this.#acls === undefined || isSymlinkMode(mode)) return undefined;
    const access = this.#acls.access.read(reader);
    const own = isDirectoryMode(mode) ? this.#acls.default.read(reader) : undefined;
    return { access, default: own };
  }

  #keepAcls(read: ReadAcls | undefined): EntryAcls | undefined {
    if (read === undefined || this.#acls === undefined) return undefined;
    const access = this.#acls.access.keep(read.access);
    return { access, default: read.default && this.#acls.default.keep(read.default) };
  }

  /** What an entry has of the attributes that came with it. */
  #keep(xattrs: ReadXattrs | undefined): FileEntry['xattrs'] {
    if (xattrs === undefined) return undefined;
    this.#xattrs?.keep(xattrs);
    return xattrs.list;
  }

  #checkNameLength(shared: number, suffixLength: number): void {
    if (shared > this.#nameLength) {
      throw incompatible(`name shares ${shared} bytes with one of ${this.#nameLength}`);
    }
    const low = suffixLength < 0;
    const length = low ? suffixLength : shared + suffixLength;
    requireRange('name length', length, 0, NAME_MAX_BYTES, ExitCode.MALLOC);
  }

  #commitName(shared: number, suffix: Uint8Array): string {
    const bytes = this.#name;
    for (let i = 0; i < suffix.length; i++) bytes[shared + i] = suffix[i]!;
    this.#nameLength = shared + suffix.length;
    const { conversion, relative } = this.#options;
    if (conversion === undefined) return readEntryName(bytes, this.#nameLength, relative);
    const name = conversion.nameFromWire(decodeByteString(bytes, 0, this.#nameLength));
    if (name === '' && this.#nameLength > 0) return '';
    requireRange('name length', name.length, 0, NAME_MAX_BYTES, ExitCode.MALLOC);
    // What it is here decides whether it is safe, not what it was on the wire.
    return readEntryName(encodeByteString(name), name.length, relative);
  }

  #readMode(reader: ByteReader): number {
    const mode = reader.i32();
    const known = ((TYPES >> ((mode & FILE_TYPE_MASK) >> 12)) & 1) === 1;
    const missing = mode === 0 && this.#options.missingArgs === true;
    if ((!known || mode >>> 16 !== 0) && !missing) {
      throw incompatible(`file mode 0${(mode >>> 0).toString(8)}`);
    }
    return mode;
  }

  /**
   * Below protocol 30 only arguments are marked; what lies below the last one belongs to it while the
   * list stays there (docs/spec/data.md §3.5).
   */
  #hasContent(name: string, topDir: boolean): boolean {
    if (topDir) {
      this.#scope = this.#options.recursive === true ? name : undefined;
      return true;
    }
    if (this.#scope === undefined) return false;
    const anywhere = this.#scope === '.' || !this.#options.relative;
    if (!anywhere && !name.startsWith(`${this.#scope}/`)) this.#scope = undefined;
    return this.#scope !== undefined;
  }
}

function incompatible(what: string): ProtocolError {
  return new ProtocolError(`invalid file list: ${what}`, {
    code: 'BAD_FILE_LIST',
    exitCode: ExitCode.PROTOCOL,
  });
}

/** The device number is sent plus one, so that 0 can mean "none". */
function decrement(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value - 1 : value - 1n;
}
