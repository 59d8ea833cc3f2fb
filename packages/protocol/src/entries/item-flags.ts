import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVstring, writeVstring } from '../bytes/integers.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';

/** Bits of an item's flags (docs/spec/session.md §9.3). */
export const ItemFlag = {
  REPORT_ATIME: 0x1,
  /** Content, symlink target or device number differs. */
  REPORT_CHANGE: 0x2,
  /** Regular files: the size differs. */
  REPORT_SIZE: 0x4,
  /** Symlinks: the time cannot be set. */
  REPORT_TIMEFAIL: 0x4,
  REPORT_TIME: 0x8,
  REPORT_PERMS: 0x10,
  REPORT_OWNER: 0x20,
  REPORT_GROUP: 0x40,
  REPORT_ACL: 0x80,
  REPORT_XATTR: 0x100,
  REPORT_CRTIME: 0x400,
  BASIS_TYPE_FOLLOWS: 0x800,
  XNAME_FOLLOWS: 0x1000,
  /** The item did not exist. */
  IS_NEW: 0x2000,
  /** Created or changed without transferring content. */
  LOCAL_CHANGE: 0x4000,
  /** Content is requested; only for regular files. */
  TRANSFER: 0x8000,
} as const;

/** What a basis is; 0x00 to 0x7f number the alternate basis directories (§9.4). */
export const BasisType = {
  /** The destination file itself. */
  FILE: 0x80,
  /** The file of that name in the partial directory. */
  PARTIAL_DIR: 0x81,
  /** The backup of the destination file. */
  BACKUP: 0x82,
  /** A similar file, named by the xname; `FUZZY + 1 + k` is one in alternate directory k. */
  FUZZY: 0x83,
} as const;

/** Longest xname, bytes. */
export const XNAME_MAX_BYTES = 4095;

/** What follows an item's index, as far as both directions have it. */
export interface ItemHeader {
  readonly iflags: number;
  /** {@link BasisType.FILE} unless `iflags` says that another one follows. */
  readonly basisType: number;
  /** Name of a fuzzy basis or of a hard-link leader. */
  readonly xname: string | undefined;
}

/** Below protocol 29 items have no header: only transfers are announced. */
const bareTransfer: ItemHeader = Object.freeze({
  iflags: ItemFlag.TRANSFER,
  basisType: BasisType.FILE,
  xname: undefined,
});

/**
 * shortint iflags, [byte basis type], [vstring xname]; nothing below protocol 29.
 *
 * @throws LimitError with exit code 22 when the xname is longer than {@link XNAME_MAX_BYTES}
 */
export function readItemHeader(reader: ByteReader, dialect: Dialect): ItemHeader {
  if (!dialect.itemFlags) return bareTransfer;
  const iflags = reader.u16();
  const basisType = iflags & ItemFlag.BASIS_TYPE_FOLLOWS ? reader.u8() : BasisType.FILE;
  const xname =
    iflags & ItemFlag.XNAME_FOLLOWS
      ? readVstring(reader, XNAME_MAX_BYTES, 'xname', ExitCode.MALLOC)
      : undefined;
  return { iflags, basisType, xname };
}

/** Counterpart of {@link readItemHeader}; what `iflags` does not announce is not written. */
export function writeItemHeader(writer: ByteWriter, dialect: Dialect, header: ItemHeader): void {
  if (!dialect.itemFlags) return;
  const { iflags } = header;
  writer.u16(iflags);
  if (iflags & ItemFlag.BASIS_TYPE_FOLLOWS) writer.u8(header.basisType);
  if (iflags & ItemFlag.XNAME_FOLLOWS) writeVstring(writer, header.xname ?? '');
}

/** What `%i` shows for a deletion. */
export const ITEMIZED_DELETION = '*deleting  ';

/** What {@link formatItemize} must know besides the flags. */
export interface ItemizeOptions {
  /** We send to a remote side: `<` instead of `>`. @default false */
  readonly sent?: boolean;
  /** `--times` is in effect: `t` instead of `T`. @default true */
  readonly preserveTimes?: boolean;
  /** The receiving side can set the times of symlinks. @default true */
  readonly symlinkTimes?: boolean;
  /** The flags are the peer's; false below protocol 29, where they are not sent. @default true */
  readonly known?: boolean;
}

/** An item's type as `%i` shows it. */
export type ItemTypeChar = 'f' | 'd' | 'L' | 'D' | 'S';

/**
 * The eleven characters `YXcstpoguax` of `%i` and `--itemize-changes`
 * (docs/spec/session.md §9.6, docs/spec/data.md §13.4).
 */
export function formatItemize(
  iflags: number,
  type: ItemTypeChar,
  options: ItemizeOptions = {},
): string {
  const { sent = false, preserveTimes = true, symlinkTimes = true, known = true } = options;
  const has = (flag: number): boolean => (iflags & flag) !== 0;
  const action = has(ItemFlag.LOCAL_CHANGE)
    ? has(ItemFlag.XNAME_FOLLOWS)
      ? 'h'
      : 'c'
    : !has(ItemFlag.TRANSFER)
      ? '.'
      : sent
        ? '<'
        : '>';
  if (has(ItemFlag.IS_NEW)) return `${action}${type}+++++++++`;
  if (!known) return `${action}${type}?????????`;
  const link = type === 'L';
  const timeSet = preserveTimes && !(link && (!symlinkTimes || has(ItemFlag.REPORT_TIMEFAIL)));
  const accessed = has(ItemFlag.REPORT_ATIME);
  const created = has(ItemFlag.REPORT_CRTIME);
  const attributes =
    (has(ItemFlag.REPORT_CHANGE) ? 'c' : '.') +
    (has(ItemFlag.REPORT_SIZE) && !link ? 's' : '.') +
    (has(ItemFlag.REPORT_TIME) ? (timeSet ? 't' : 'T') : '.') +
    (has(ItemFlag.REPORT_PERMS) ? 'p' : '.') +
    (has(ItemFlag.REPORT_OWNER) ? 'o' : '.') +
    (has(ItemFlag.REPORT_GROUP) ? 'g' : '.') +
    (accessed ? (created ? 'b' : 'u') : created ? 'n' : '.') +
    (has(ItemFlag.REPORT_ACL) ? 'a' : '.') +
    (has(ItemFlag.REPORT_XATTR) ? 'x' : '.');
  const unchanged = attributes === '.........' && action !== '<' && action !== '>';
  return `${action}${type}${unchanged ? '         ' : attributes}`;
}
