import { type FileEntry, ItemFlag, writeItemHeader } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { isDirectory, isSymlink } from './kinds.ts';
import type { XattrPolicy } from './xattr-policy.ts';

const SIGNIFICANT = ~(ItemFlag.BASIS_TYPE_FOLLOWS | ItemFlag.XNAME_FOLLOWS | ItemFlag.LOCAL_CHANGE);
const MADE = ItemFlag.TRANSFER | ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS;

/**
 * Reports items that need no data, if anyone wants to know: to the sender, which passes them on to
 * the program that prints, or as text (docs/spec/session.md §9.3, §9.6).
 */
export class ItemReporter {
  readonly #session: Session;
  readonly #xattrs: XattrPolicy | undefined;
  /** Items that are as they should be are wanted as well. */
  readonly #all: boolean;
  readonly #verbose: boolean;

  constructor(session: Session, xattrs: XattrPolicy | undefined) {
    this.#session = session;
    this.#xattrs = xattrs;
    this.#verbose = session.info('name') > 1;
    const { itemize } = session.options;
    this.#all = itemize > 1 || (itemize > 0 && this.#verbose);
  }

  /** `xname`: what a hard link is linked to; empty when it was linked before. */
  report(ndx: number, entry: FileEntry, iflags: number, xname?: string): void {
    const { agreement } = this.#session;
    const significant = (iflags & SIGNIFICANT) !== 0 || (xname !== undefined && xname !== '');
    const wanted = significant || this.#all;
    if (!agreement.dialect.itemFlags) this.#reportWithoutItems(ndx, entry, iflags, xname, wanted);
    else if (wanted) this.#write(ndx, entry, iflags, xname);
    if (!this.#verbose || this.#session.options.itemize > 0 || isDirectory(entry.mode)) return;
    if (!significant) this.#session.tell(`${entry.name} is uptodate\n`);
    else if ((iflags & MADE) === 0) this.#session.say(`${entry.name}\n`);
  }

  /** An alternate directory has it as it should be, whatever comes of that (docs/spec/data.md §8.4). */
  reportMatch(ndx: number, entry: FileEntry, iflags: number, xname?: string): void {
    if (this.#verbose && this.#session.options.itemize === 0) {
      this.#session.tell(`${entry.name}${isDirectory(entry.mode) ? '/' : ''} is uptodate\n`);
    }
    const wanted = this.#all || (iflags & SIGNIFICANT) !== 0;
    const { itemFlags } = this.#session.agreement.dialect;
    if (!itemFlags) this.#reportWithoutItems(ndx, entry, iflags, xname, wanted);
    else if (wanted) this.#write(ndx, entry, iflags, xname);
  }

  /** It is a link now, as it is in an alternate directory: of interest only beside unchanged items. */
  reportSameLink(ndx: number, entry: FileEntry, iflags: number, xname: string): void {
    if (this.#all && this.#session.agreement.dialect.itemFlags)
      this.#write(ndx, entry, iflags, xname);
    else if (!this.#all) this.reportMatch(ndx, entry, 0);
  }

  #write(ndx: number, entry: FileEntry, iflags: number, xname: string | undefined): void {
    const { agreement, wire, ndxOut } = this.#session;
    ndxOut.write(wire.out, ndx);
    writeItemHeader(wire.out, agreement.dialect, { iflags, basisType: 0x80, xname });
    this.#xattrs?.writeRequest(entry, iflags);
    wire.send();
  }

  /** Below protocol 29 items without data are not on the wire: this side reports them. */
  #reportWithoutItems(
    ndx: number,
    entry: FileEntry,
    iflags: number,
    xname: string | undefined,
    wanted: boolean,
  ): void {
    const { server, ndxOut, wire } = this.#session;
    if ((iflags & ItemFlag.TRANSFER) !== 0) {
      ndxOut.write(wire.out, ndx);
      wire.send();
    } else if (!wanted) {
      return;
    } else if (!server) {
      const { name } = entry;
      const basisType = 0x80;
      const direction = 'recv';
      this.#session.emit({ kind: 'item', ndx, name, entry, iflags, basisType, xname, direction });
    } else if (
      this.#session.info('name') > 0 &&
      ((iflags & ItemFlag.LOCAL_CHANGE) !== 0 || isDirectory(entry.mode))
    ) {
      const slash = isDirectory(entry.mode) ? '/' : '';
      const target = isSymlink(entry.mode) ? ` -> ${entry.linkTarget}` : '';
      this.#session.say(`${entry.name}${slash}${target}\n`);
    }
  }
}
