import { CompatFlag } from './compatibility.ts';

/**
 * How one session speaks: the negotiated version, the compat flags, and every decision that follows
 * from them. Immutable; this is the only place that compares version numbers.
 *
 * Source: docs/spec/session.md §1, §5.2, §5.5; docs/spec/data.md §15.
 */
export interface Dialect {
  /** 27 to 32. */
  readonly protocol: number;
  readonly compatFlags: number;

  // Compat flags.
  /** File lists come directory by directory and indexes start at 1. */
  readonly incRecurse: boolean;
  /** The server can set symlink times. */
  readonly symlinkTimes: boolean;
  readonly symlinkIconv: boolean;
  /** The end of a file list may carry an I/O error: compat flag, or protocol 31. */
  readonly safeFlist: boolean;
  readonly avoidXattrOptim: boolean;
  /** MD5 block sums hash the seed before the data. */
  readonly seedFix: boolean;
  readonly inplacePartialDir: boolean;
  /** File-list flags are varints. */
  readonly varintFlistFlags: boolean;
  /** Checksum and compressor names are exchanged in the handshake. */
  readonly negotiatesNames: boolean;
  /** Id lists carry the name of id 0. */
  readonly id0Names: boolean;

  // Protocol 28.
  /** File-list flags may take a second byte; device numbers are split. */
  readonly extendedFlags: boolean;

  // Protocol 29.
  /** Items carry flags; changes of attributes alone are items too. */
  readonly itemFlags: boolean;
  /** Directories sort behind the files beside them. */
  readonly directorySort: boolean;
  /** Filter rules travel with their modifiers. */
  readonly filterModifiers: boolean;
  /** Statistics include the times for the file list. */
  readonly listTimes: boolean;
  /** A server reports each deletion (DELETED). */
  readonly deletedMessages: boolean;
  /** Number of the last phase: redo is 1, delayed updates 2. */
  readonly phases: 1 | 2;

  // Protocol 30.
  /** Variable-length integers instead of int32 and longint. */
  readonly varints: boolean;
  /** Indexes are coded as differences. */
  readonly deltaNdx: boolean;
  /** A file that cannot be sent is reported (NO_SEND). */
  readonly noSend: boolean;
  /** The client's bytes are framed, too. */
  readonly multiplexInput: boolean;
  /** ERROR and WARNING exist; below, servers use ERROR_XFER and INFO. */
  readonly errorTags: boolean;
  /** I/O errors travel as IO_ERROR messages; below, as an int32 behind the file list. */
  readonly ioErrorMessages: boolean;
  /** Hard links refer to an index; below, they carry device and inode. */
  readonly hardLinkIndexes: boolean;
  /** The `p` modifier of filter rules is understood. */
  readonly perishableRules: boolean;
  /** Arguments to a daemon end in NUL; below, in LF. */
  readonly nulArguments: boolean;
  /** Sums when nothing is negotiated. */
  readonly impliedChecksum: 'md5' | 'md4';
  /** Largest block length, bytes. */
  readonly maxBlockLength: number;

  // Protocol 31.
  /** Modification times carry nanoseconds. */
  readonly nanoseconds: boolean;
  /** Deletion counts are exchanged (NDX_DEL_STATS). */
  readonly deleteStats: boolean;
  /** The goodbye takes one more exchange of DONE. */
  readonly extraGoodbye: boolean;
  /** A dying side says so (ERROR_EXIT). */
  readonly errorExit: boolean;
  /** A daemon announces its timeout (IO_TIMEOUT). */
  readonly ioTimeout: boolean;
  /** files-from names travel inside DATA frames; below, raw. */
  readonly filesFromFramed: boolean;
  /** Fifos and sockets carry no device number any more. */
  readonly plainSpecials: boolean;
}

/**
 * @param protocol - negotiated version, 27 to 32
 * @param compatFlags - as the server sent them; ignored below protocol 30
 */
export function createDialect(protocol: number, compatFlags: number): Dialect {
  const flags = protocol >= 30 ? compatFlags : 0;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const since = (version: number): boolean => protocol >= version;
  return Object.freeze({
    protocol,
    compatFlags: flags,

    incRecurse: has(CompatFlag.INC_RECURSE),
    symlinkTimes: has(CompatFlag.SYMLINK_TIMES),
    symlinkIconv: has(CompatFlag.SYMLINK_ICONV),
    safeFlist: has(CompatFlag.SAFE_FLIST) || since(31),
    avoidXattrOptim: has(CompatFlag.AVOID_XATTR_OPTIM),
    seedFix: has(CompatFlag.CHKSUM_SEED_FIX),
    inplacePartialDir: has(CompatFlag.INPLACE_PARTIAL_DIR),
    varintFlistFlags: has(CompatFlag.VARINT_FLIST_FLAGS),
    negotiatesNames: has(CompatFlag.VARINT_FLIST_FLAGS),
    id0Names: has(CompatFlag.ID0_NAMES),

    extendedFlags: since(28),

    itemFlags: since(29),
    directorySort: since(29),
    filterModifiers: since(29),
    listTimes: since(29),
    deletedMessages: since(29),
    phases: since(29) ? 2 : 1,

    varints: since(30),
    deltaNdx: since(30),
    noSend: since(30),
    multiplexInput: since(30),
    errorTags: since(30),
    ioErrorMessages: since(30),
    hardLinkIndexes: since(30),
    perishableRules: since(30),
    nulArguments: since(30),
    impliedChecksum: since(30) ? 'md5' : 'md4',
    maxBlockLength: since(30) ? 2 ** 17 : 2 ** 29,

    nanoseconds: since(31),
    deleteStats: since(31),
    extraGoodbye: since(31),
    errorExit: since(31),
    ioTimeout: since(31),
    filesFromFramed: since(31),
    plainSpecials: since(31),
  });
}
