import { createStrongHash } from '@deltawire/checksums';
import {
  errnoCode,
  isRoot,
  type XattrCalls,
  type XattrTarget,
  xattrCalls,
} from '@deltawire/filesystem';
import { createXattrFilter, type FilterRule } from '@deltawire/filters';
import { XATTR_INLINE_MAX_BYTES, type Xattr } from '@deltawire/protocol';
import { sameBytes } from './file-digest.ts';
import type { Session } from './session.ts';

/** Attributes in which `--fake-super` keeps what a file cannot have. */
const INTERNAL = 'user.rsync.%';

/** In front of names that only root can set, with `--fake-super`. */
const NOTED = 'user.rsync.';

const nameNoted = (name: string): string =>
  name.startsWith(NOTED) ? name.slice(NOTED.length) : name;

/** What went wrong with one attribute, and in which system call: `lgetxattr("NAME",0)`. */
export class XattrError extends Error {
  /** As rsync calls it, up to the path. */
  readonly call: string;
  /** What follows the path. */
  readonly rest: string;

  constructor(call: string, rest: string, cause: unknown) {
    super(`${call} failed`, { cause });
    this.call = call;
    this.rest = rest;
  }
}

/** The extended attributes of files here that take part in a transfer (docs/spec/data.md §10.2). */
export class LocalXattrs {
  readonly calls: XattrCalls;
  readonly #rules: ((name: string) => boolean) | undefined;
  /** What is not the user's own, too. */
  readonly #takesAll: boolean;
  readonly #internal: boolean;
  readonly #fake: boolean;

  private constructor(session: Session, rules: readonly FilterRule[], calls: XattrCalls) {
    const { deleteExcluded, xattrs } = session.options;
    this.#fake = session.fake !== undefined;
    const side = session.receives ? 'receiver' : 'sender';
    this.calls = calls;
    this.#rules = createXattrFilter(rules, { side, deleteExcluded });
    this.#internal = xattrs > 1;
    this.#takesAll = (session.receives ? session.superUser : isRoot()) || this.#fake;
  }

  /** undefined without `--xattrs`, and where the system has none: the options were refused there. */
  static open(session: Session, rules: readonly FilterRule[]): LocalXattrs | undefined {
    const calls = session.options.xattrs > 0 ? xattrCalls() : undefined;
    return calls && new LocalXattrs(session, rules, calls);
  }

  /** Whether an attribute that is here takes part. */
  includes(name: string): boolean {
    if (this.#rules !== undefined) {
      if (!this.#rules(name)) return false;
    } else if (this.#takesAll ? name.startsWith('system.') : !name.startsWith('user.'))
      return false;
    return this.#internal || !name.startsWith(INTERNAL);
  }

  /** Whether an attribute that the sender has is taken. */
  accepts(name: string): boolean {
    const isOrdinary = this.#rules?.(name) ?? (this.#takesAll || name.startsWith('user.'));
    return isOrdinary && (this.#internal || !name.startsWith(INTERNAL));
  }

  /** Names that take part, as they travel, sorted. Throws {@link XattrError}. */
  names(target: XattrTarget): string[] {
    try {
      const names = this.calls.list(target).filter((name) => this.includes(name));
      return (this.#fake ? [...new Set(names.map(nameNoted))] : names).sort();
    } catch (error) {
      if (NONE_HERE.has(errnoCode(error) ?? '')) return [];
      throw new XattrError('get_xattr_names: llistxattr', '1024', error);
    }
  }

  /** What an attribute is called here: with `--fake-super` others stand for all but the user's own. */
  nameHere(name: string): string {
    return this.#fake && !name.startsWith('user.') ? NOTED + name : name;
  }

  /** The value of an attribute, or undefined when it is gone. Throws {@link XattrError}. */
  valueOf(target: XattrTarget, name: string): Uint8Array | undefined {
    try {
      const value = this.calls.get(target, this.nameHere(name));
      return value ?? (this.#fake ? this.calls.get(target, name) : undefined);
    } catch (error) {
      throw new XattrError('get_xattr_data: lgetxattr', `"${name}",0`, error);
    }
  }

  /** The attributes as they are listed: long values as digests. Throws {@link XattrError}. */
  read(target: XattrTarget): Xattr[] {
    const list: Xattr[] = [];
    for (const name of this.names(target)) {
      const value = this.valueOf(target, name);
      if (value === undefined) continue;
      const { length } = value;
      const isLong = length > XATTR_INLINE_MAX_BYTES;
      list.push({
        number: list.length + 1,
        name,
        length,
        value: isLong ? undefined : value,
        digest: isLong ? xattrDigest(value) : undefined,
      });
    }
    return list;
  }
}

/** File systems without extended attributes, and kinds of files without them. */
const NONE_HERE: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** What stands for a long value in a list. */
export function xattrDigest(value: Uint8Array): Uint8Array {
  const hash = createStrongHash('md5');
  hash.update(value);
  return hash.digest();
}

/** Whether two attributes have the same name and value, as far as their digests tell. */
export function sameXattr(a: Xattr, b: Xattr | undefined): boolean {
  if (a.name !== b?.name || a.length !== b.length) return false;
  const [x, y] = [a.digest ?? a.value, b.digest ?? b.value];
  return x !== undefined && y !== undefined && sameBytes(x, y);
}
