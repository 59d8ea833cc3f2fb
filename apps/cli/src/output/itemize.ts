import { formatItemize, ItemFlag, type ItemTypeChar } from '@deltawire/protocol';
import { typeCharacter } from './list.ts';

/** What decides an itemized line besides the flags. */
export interface ItemizeFormat {
  /** The data leaves this host: `<` instead of `>`. False for local copies. */
  readonly remotePush: boolean;
  /** `-t`: a differing mtime will be kept (`t`), otherwise it becomes the transfer's time (`T`). */
  readonly times: boolean;
  /** The receiving side can set the times of symlinks. */
  readonly symlinkTimes: boolean;
  /** Protocols before 29 do not say what differs. */
  readonly unknownDetails: boolean;
}

/** What of an {@link ItemizeFormat} depends on the protocol. */
export type KnownDetails = Pick<ItemizeFormat, 'symlinkTimes' | 'unknownDetails'>;

/**
 * What itemized lines can tell at a protocol. Below 30 a sender does not know whether the peer can
 * set a symlink's time, below 29 nobody does.
 */
export const knownDetails = (protocol: number, sends: boolean): KnownDetails => ({
  symlinkTimes: protocol >= (sends ? 30 : 29),
  unknownDetails: protocol < 29,
});

/** Flags that describe how an item is encoded, not what differs. */
const ENCODING: number =
  ItemFlag.BASIS_TYPE_FOLLOWS | ItemFlag.XNAME_FOLLOWS | ItemFlag.LOCAL_CHANGE;

/** Whether an item says that something changed; the others are shown by `-ii` and `-vv` only. */
export const isSignificant = (iflags: number): boolean => (iflags & ~ENCODING & 0xffff) !== 0;

/**
 * The 11 characters of `%i` for one item, `YXcstpoguax`. Source: docs/spec/data.md §13.4.
 *
 * @param mode the item's `st_mode`
 */
export function formatItem(iflags: number, mode: number, format: ItemizeFormat): string {
  return formatItemize(iflags, typeLetter(mode), {
    sent: format.remotePush,
    preserveTimes: format.times,
    symlinkTimes: format.symlinkTimes,
    // Of local changes even an old protocol's client knows everything.
    known: !(format.unknownDetails && iflags & ItemFlag.TRANSFER),
  });
}

function typeLetter(mode: number): ItemTypeChar {
  switch (typeCharacter(mode)) {
    case 'd':
      return 'd';
    case 'l':
      return 'L';
    case 'b':
    case 'c':
      return 'D';
    case 'p':
    case 's':
      return 'S';
    default:
      return 'f';
  }
}
