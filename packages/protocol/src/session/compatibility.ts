import type { ByteWriter } from '../bytes/byte-writer.ts';
import { writeVarint } from '../bytes/integers.ts';

/** Bits of the compat flags that a server sends (protocol >= 30, docs/spec/session.md §5.2). */
export const CompatFlag = {
  /** File lists come directory by directory. */
  INC_RECURSE: 1,
  /** The server can set the times of symlinks. */
  SYMLINK_TIMES: 2,
  /** The server can convert symlink targets between charsets. */
  SYMLINK_ICONV: 4,
  /** The end of a file list may carry an I/O error. */
  SAFE_FLIST: 8,
  /** No xattr shortcut for hard-linked items. */
  AVOID_XATTR_OPTIM: 16,
  /** MD5 block sums hash the seed before the data. */
  CHKSUM_SEED_FIX: 32,
  /** A basis in the partial directory may be updated in place. */
  INPLACE_PARTIAL_DIR: 64,
  /** File-list flags are varints, and checksum and compressor names are negotiated. */
  VARINT_FLIST_FLAGS: 128,
  /** Id lists carry the name of id 0. */
  ID0_NAMES: 256,
} as const;

/** What a client can do, as its capability string says. */
export interface ClientCapabilities {
  /** Incremental recursion is acceptable for this run. */
  readonly incRecurse: boolean;
  /** Symlink times can be set. @default true */
  readonly symlinkTimes?: boolean;
  /** Symlink targets can be converted between charsets. @default true */
  readonly symlinkIconv?: boolean;
}

/**
 * The text a client sends after `-e`: `.` and one letter per capability, `.iLsfxCIvu` in full
 * (docs/spec/session.md §3.4).
 */
export function capabilityString(capabilities: ClientCapabilities): string {
  const { incRecurse, symlinkTimes = true, symlinkIconv = true } = capabilities;
  return `.${incRecurse ? 'i' : ''}${symlinkTimes ? 'L' : ''}${symlinkIconv ? 's' : ''}fxCIvu`;
}

/** A client's capability string, taken apart. */
export interface ClientInfo {
  /** Version of a pre-release client, else undefined. */
  readonly version: number | undefined;
  /** Sub-version of a pre-release client, else 0. */
  readonly sub: number;
  /** Capability letters. */
  readonly letters: string;
}

/** Parse the text after `-e`: `[VERSION].[SUB]LETTERS`. Text without a dot has no letters. */
export function parseClientInfo(clientInfo: string): ClientInfo {
  const match = /^(\d*)\.(\d*)(.*)$/s.exec(clientInfo);
  if (match === null) return { version: undefined, sub: 0, letters: '' };
  const [, version = '', sub = '', letters = ''] = match;
  return { version: version === '' ? undefined : Number(version), sub: Number(sub), letters };
}

/**
 * The version a server announces: one less than the client's when the client is a pre-release of a
 * version that we know only in its final form (docs/spec/session.md §3.4, "sub-version rule").
 */
export function advertisedProtocol(ours: number, clientInfo: string): number {
  const { version, sub } = parseClientInfo(clientInfo);
  return version !== undefined && sub !== 0 && version <= ours ? version - 1 : ours;
}

/** What a server can do and allows. */
export interface ServerCapabilities {
  /** This run may use incremental recursion as far as the server is concerned. */
  readonly incRecurseAllowed: boolean;
  /** Symlink times can be set. @default true */
  readonly symlinkTimes?: boolean;
  /** Symlink targets can be converted between charsets. @default true */
  readonly symlinkIconv?: boolean;
}

/** The compat flags a server answers to a client's capability string (docs/spec/session.md §5.2). */
export function compatFlagsFor(clientInfo: string, server: ServerCapabilities): number {
  const { letters } = parseClientInfo(clientInfo);
  const { incRecurseAllowed, symlinkTimes = true, symlinkIconv = true } = server;
  let flags = 0;
  if (incRecurseAllowed && letters.includes('i')) flags |= CompatFlag.INC_RECURSE;
  if (symlinkTimes) flags |= CompatFlag.SYMLINK_TIMES;
  if (symlinkIconv) flags |= CompatFlag.SYMLINK_ICONV;
  if (letters.includes('f')) flags |= CompatFlag.SAFE_FLIST;
  if (letters.includes('x')) flags |= CompatFlag.AVOID_XATTR_OPTIM;
  if (letters.includes('C')) flags |= CompatFlag.CHKSUM_SEED_FIX;
  if (letters.includes('I')) flags |= CompatFlag.INPLACE_PARTIAL_DIR;
  if (/[vV]/.test(letters)) flags |= CompatFlag.VARINT_FLIST_FLAGS;
  if (letters.includes('u')) flags |= CompatFlag.ID0_NAMES;
  return flags;
}

/**
 * Write the compat flags: a varint, but one plain byte for a client that says `V`, a letter of
 * pre-releases that did not know better. A client reads them with `readVarint`.
 */
export function writeCompatFlags(writer: ByteWriter, flags: number, clientInfo: string): void {
  if (parseClientInfo(clientInfo).letters.includes('V')) writer.u8(flags & 0xff);
  else writeVarint(writer, flags);
}
