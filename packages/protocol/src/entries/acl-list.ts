import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVarint, writeVarint } from '../bytes/integers.ts';
import { LimitError, requireRange } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/** Most named entries of one list. */
export const ACL_MAX_COUNT = 65_536;

/** Most named entries of all lists of one kind in a session: they are kept, because they may be used again. */
const SESSION_MAX_COUNT = 2_000_000;

/** What a named user or group may do. */
export interface AclName {
  readonly kind: 'user' | 'group';
  readonly id: number;
  /** Three bits, as in a mode. */
  readonly perms: number;
  /** Its name, only where it is sent with the list. */
  readonly name?: string | undefined;
}

/**
 * An access-control list as it travels. What is undefined is not in it, or the mode has it. Permissions
 * are three bits each.
 */
export interface Acl {
  readonly userObj: number | undefined;
  readonly groupObj: number | undefined;
  readonly mask: number | undefined;
  readonly other: number | undefined;
  /** Users first, each kind by id. */
  readonly named: readonly AclName[];
}

/** The lists of an entry; entries with the same list share it. */
export interface EntryAcls {
  readonly access: Acl;
  /** Directories only: what new files in it get. */
  readonly default: Acl | undefined;
}

/** A list without anything. */
export const NO_ACL: Acl = Object.freeze({
  userObj: undefined,
  groupObj: undefined,
  mask: undefined,
  other: undefined,
  named: Object.freeze([]),
});

const FIELDS = ['userObj', 'groupObj', 'mask', 'other'] as const;
const NAMED = 16;
const IS_USER = 2;
const HAS_NAME = 1;

/** A list, and whether it was not seen before. */
export interface ReadAcl {
  readonly acl: Acl;
  readonly isNew: boolean;
}

/**
 * Reads the access lists, or the default lists, of a session, protocol 30 and newer
 * (docs/spec/data.md §10.5):
 *
 *     varint ref      n > 0: the n-th literal list of this kind; 0: a literal list follows
 *     byte flags      1 user_obj, 2 group_obj, 4 mask, 8 other, 16 named entries
 *     varint perms    for each of the first four that is there
 *     varint count, count times: varint id, varint (perms << 2) | 2 user | 1 name follows,
 *                                byte length and name
 */
export class AclListReader {
  readonly #lists: Acl[] = [];
  #named: number = 0;

  /** One list. Changes nothing: {@link AclListReader.keep} does. Throws LimitError with exit code 2. */
  read(reader: ByteReader): ReadAcl {
    const reference = readVarint(reader);
    if (reference === 0) return { acl: readLiteral(reader), isNew: true };
    const acl = this.#lists[reference - 1];
    if (acl !== undefined) return { acl, isNew: false };
    throw new LimitError('ACL number', reference, this.#lists.length, {
      exitCode: ExitCode.PROTOCOL,
    });
  }

  /** Number a new list. Throws LimitError with exit code 22 when there are too many. */
  keep({ acl, isNew }: ReadAcl): Acl {
    if (!isNew) return acl;
    this.#named += acl.named.length;
    requireRange('ACL entries', this.#named, 0, SESSION_MAX_COUNT, ExitCode.MALLOC);
    this.#lists.push(acl);
    return acl;
  }
}

function readLiteral(reader: ByteReader): Acl {
  const flags = reader.u8();
  requireRange('ACL flags', flags, 0, 31, ExitCode.PROTOCOL);
  const [userObj, groupObj, mask, other] = FIELDS.map((_, i) =>
    (flags >> i) & 1 ? readPerms(readVarint(reader)) : undefined,
  );
  if (!(flags & NAMED)) return { userObj, groupObj, mask, other, named: [] };
  const count = readVarint(reader);
  requireRange('ACL count', count, 0, ACL_MAX_COUNT, ExitCode.PROTOCOL);
  const named: AclName[] = [];
  for (let i = 0; i < count; i++) {
    const id = readVarint(reader) >>> 0;
    const access = readVarint(reader);
    const name = access & HAS_NAME ? reader.string(reader.u8()) : undefined;
    named.push({
      kind: access & IS_USER ? 'user' : 'group',
      id,
      perms: readPerms(access >> 2),
      name,
    });
  }
  return { userObj, groupObj, mask, other, named };
}

function readPerms(perms: number): number {
  requireRange('ACL permissions', perms, 0, 7, ExitCode.PROTOCOL);
  return perms;
}

/** Writes the lists of one kind; counterpart of {@link AclListReader}. */
export class AclListWriter {
  readonly #numbers: Map<string, number> = new Map();

  write(writer: ByteWriter, acl: Acl): void {
    const key = aclKey(acl);
    const known = this.#numbers.get(key);
    writeVarint(writer, known ?? 0);
    if (known !== undefined) return;
    this.#numbers.set(key, this.#numbers.size + 1);
    const { named } = acl;
    let flags = named.length > 0 ? NAMED : 0;
    FIELDS.forEach((field, i) => {
      if (acl[field] !== undefined) flags |= 1 << i;
    });
    writer.u8(flags);
    for (const field of FIELDS) {
      const perms = acl[field];
      if (perms !== undefined) writeVarint(writer, perms);
    }
    if (named.length === 0) return;
    writeVarint(writer, named.length);
    for (const { kind, id, perms, name } of named) {
      writeVarint(writer, id);
      const kindBit = kind === 'user' ? IS_USER : 0;
      writeVarint(writer, (perms << 2) | kindBit | (name === undefined ? 0 : HAS_NAME));
      if (name === undefined) continue;
      writer.u8(name.length);
      writer.string(name);
    }
  }
}

/** Equal for lists that say the same, whether or not they have names. */
export function aclKey({ userObj, groupObj, mask, other, named }: Acl): string {
  const fields = [userObj, groupObj, mask, other].map((perms) => perms ?? '-');
  return [...fields, ...named.map(({ kind, id, perms }) => `${kind}${id}:${perms}`)].join(' ');
}
