import { errnoCode, type FileStat, isRoot, setMode, type XattrTarget } from '@deltawire/filesystem';
import {
  type FileEntry,
  hasXattrPart,
  ItemFlag,
  LimitError,
  ProtocolError,
  readXattrValueHead,
  writeXattrRequest,
  type Xattr,
  type XattrList,
} from '@deltawire/protocol';
import { type LocalXattrs, sameXattr, XattrError, xattrDigest } from '../local-xattrs.ts';
import type { Role, Session } from '../session.ts';

/** Most bytes of long values in a session: they are kept, as later entries may have the same ones. */
const VALUES_MAX_BYTES = 1024 * 1024 * 1024;

/**
 * Extended attributes on the receiving side (docs/spec/data.md §10.3). Lists came with the entries,
 * long values as digests. The generator asks for those that the destination lacks, each once; they
 * come with the answers, and the receiver sets what it then has.
 */
export class XattrPolicy {
  readonly #session: Session;
  readonly #local: LocalXattrs;
  /** Lists as they came, and what is taken of them. */
  readonly #adopted: WeakMap<XattrList, XattrList> = new WeakMap();
  /** Long values that are needed and were not asked for yet. */
  readonly #wanted: Set<Xattr> = new Set();
  readonly #asked: Set<Xattr> = new Set();
  /** Entries whose items were reported with other attributes, and not yet answered. */
  readonly #reported: Set<FileEntry> = new Set();
  /** Bytes of all long values that have arrived. */
  #bytes = 0;

  constructor(session: Session, local: LocalXattrs) {
    this.#session = session;
    this.#local = local;
  }

  /** What this side takes of the attributes of an entry. */
  adopt(list: XattrList = []): XattrList {
    let taken = this.#adopted.get(list);
    if (taken === undefined) {
      taken = list.filter(({ name }) => this.#local.accepts(name));
      this.#adopted.set(list, taken);
    }
    return taken;
  }

  // --------------------------------------------------------------------------- generator

  /** The item flag of something that was not there. */
  flagOfNew({ xattrs = [] }: FileEntry): number {
    for (const xattr of xattrs) this.#want(xattr);
    return xattrs.length > 0 ? ItemFlag.REPORT_XATTR : 0;
  }

  /** The item flag where `path` has other attributes; `asks`: what it lacks will be needed. */
  differences({ xattrs = [] }: FileEntry, path: string, asks: boolean): number {
    let here: Map<string, Xattr>;
    try {
      here = new Map(this.#local.read(path).map((xattr) => [xattr.name, xattr]));
    } catch (error) {
      this.#failed('generator', path, error);
      here = new Map();
    }
    let differ = here.size !== xattrs.length;
    for (const xattr of xattrs) {
      if (sameXattr(xattr, here.get(xattr.name))) continue;
      differ = true;
      if (asks) this.#want(xattr);
    }
    return differ ? ItemFlag.REPORT_XATTR : 0;
  }

  /** Behind the header of an item: the long values that are needed. */
  writeRequest(entry: FileEntry, iflags: number): void {
    const { wire, agreement, options } = this.#session;
    const asks = !options.dryRun || options.onlyWriteBatch;
    if (!asks || (iflags & ItemFlag.REPORT_XATTR) === 0) return;
    this.#reported.add(entry);
    if (!hasXattrPart(agreement.dialect, iflags)) return;
    const numbers: number[] = [];
    for (const xattr of entry.xattrs ?? []) {
      if (!this.#wanted.delete(xattr)) continue;
      this.#asked.add(xattr);
      numbers.push(xattr.number);
    }
    writeXattrRequest(wire.out, numbers);
  }

  #want(xattr: Xattr): void {
    if (xattr.value === undefined && !this.#asked.has(xattr)) this.#wanted.add(xattr);
  }

  // ---------------------------------------------------------------------------- receiver

  /** Behind the header of an answer: the values that were asked for. */
  async readValues(entry: FileEntry, iflags: number): Promise<void> {
    const { wire, agreement, options, replays } = this.#session;
    const comes = !options.dryRun || options.onlyWriteBatch || replays;
    if (!comes || (iflags & ItemFlag.REPORT_XATTR) === 0) return;
    // A batch has what another destination asked for.
    if (!replays && !this.#reported.has(entry)) {
      throw new ProtocolError(`the sender sent attributes of "${entry.name}" without being asked`);
    }
    if (!hasXattrPart(agreement.dialect, iflags)) return;
    for (let previous = 0; ; ) {
      const head = await wire.read((r) => readXattrValueHead(r, previous));
      if (head === 'end') return;
      const { number, length } = head;
      previous = number;
      const xattr = entry.xattrs?.find((one) => one.number === number);
      if (xattr === undefined || !(replays || this.#asked.has(xattr))) {
        throw new ProtocolError(`xattr ${number} of "${entry.name}" was not asked for`);
      }
      xattr.value = await this.#readValue(length);
      xattr.length = length;
      if (xattr.digest !== undefined) xattr.digest = xattrDigest(xattr.value);
    }
  }

  /** A length is only believed as far as bytes arrive for it. */
  async #readValue(length: number): Promise<Uint8Array> {
    const { wire } = this.#session;
    this.#bytes += length;
    if (this.#bytes > VALUES_MAX_BYTES) {
      throw new LimitError('bytes of xattr values', this.#bytes, VALUES_MAX_BYTES);
    }
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      const part = wire.takeAvailable(missing);
      if (part.length === 0) await wire.fill();
      else parts.push(part.slice());
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** An answer will not come: what it was to bring is asked for again. */
  unanswered(entry: FileEntry): void {
    for (const xattr of entry.xattrs ?? []) {
      if (xattr.value === undefined) this.#asked.delete(xattr);
    }
  }

  /** Whether an item that needed no data is to be given attributes now. */
  isDue(entry: FileEntry, iflags: number): boolean {
    if ((iflags & ItemFlag.REPORT_XATTR) === 0 || !this.#reported.delete(entry)) return false;
    const isLink = ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS;
    return (iflags & isLink) !== isLink;
  }

  /** {@link XattrPolicy.apply} on a path that an ordinary user may not be allowed to write to. */
  applyAt(entry: FileEntry, path: string, found: FileStat, basis: string): void {
    const { mode, type } = found;
    const guarded = type !== 'symlink' && (mode & 0o200) === 0 && !isRoot();
    if (guarded) tryMode(path, mode | (type === 'directory' ? 0o700 : 0o200));
    this.apply(entry, path, path, basis);
    if (guarded) tryMode(path, mode);
  }

  /**
   * Make the attributes of `target`, which messages call `shown`, those of the entry. Long values that
   * were not asked for are those of `basis`.
   */
  apply(
    { xattrs = [], mode }: FileEntry,
    target: XattrTarget,
    shown: string,
    basis: string | undefined,
    role: Role = 'receiver',
  ): void {
    const local = this.#local;
    const prefix = (mode & 0o170000) === 0o120000 ? 'l' : 'f';
    try {
      const here = new Set(local.names(target));
      for (const xattr of xattrs) {
        const value = xattr.value ?? this.#valueIn(basis, xattr);
        const had = here.delete(xattr.name) ? local.valueOf(target, xattr.name) : undefined;
        if (value === undefined) {
          const what = `Missing abbreviated xattr value, ${xattr.name}, for ${shown}\n`;
          this.#session.transferError(what);
        } else if (had === undefined || Buffer.compare(had, value) !== 0) {
          this.#attempt(role, `${prefix}setxattr`, xattr.name, shown, () =>
            local.calls.set(target, local.nameHere(xattr.name), value),
          );
        }
      }
      for (const name of here) {
        this.#attempt(role, `${prefix}removexattr`, name, shown, () =>
          local.calls.remove(target, local.nameHere(name)),
        );
      }
    } catch (error) {
      this.#failed(role, shown, error);
    }
  }

  /** Take the attributes of a file here over. */
  copy(from: string, target: XattrTarget, shown: string): void {
    try {
      for (const name of this.#local.names(from)) {
        const value = this.#local.valueOf(from, name);
        if (value !== undefined) {
          this.#attempt('generator', 'fsetxattr', name, shown, () =>
            this.#local.calls.set(target, this.#local.nameHere(name), value),
          );
        }
      }
    } catch (error) {
      this.#failed('generator', from, error);
    }
  }

  #valueIn(basis: string | undefined, { name, length, digest }: Xattr): Uint8Array | undefined {
    if (basis === undefined || digest === undefined) return undefined;
    const value = this.#local.valueOf(basis, name);
    if (value?.length !== length) return undefined;
    return Buffer.compare(xattrDigest(value), digest) === 0 ? value : undefined;
  }

  #attempt(role: Role, call: string, name: string, shown: string, change: () => void): void {
    try {
      change();
    } catch (error) {
      if (call.endsWith('removexattr') && errnoCode(error) === 'ENODATA') return;
      const path = this.#session.showPath(shown);
      this.#session.systemError(role, `rsync_xal_set: ${call}(${path},"${name}") failed`, error);
    }
  }

  #failed(role: Role, path: string, error: unknown): void {
    if (!(error instanceof XattrError)) throw error;
    const { call, rest, cause } = error;
    const shown = this.#session.showPath(path);
    this.#session.systemError(role, `${call}(${shown},${rest}) failed`, cause);
  }
}

/** Not being able to is what the attributes' own messages are about. */
function tryMode(path: string, mode: number): void {
  try {
    setMode(path, mode & 0o7777);
  } catch {
    // Then setting the attributes fails, and says so.
  }
}
