import { errnoCode } from './errno.ts';
import { type XattrTarget, xattrCalls } from './xattrs.ts';

/** What a named user or group may do. */
export interface NamedPermissions {
  readonly kind: 'user' | 'group';
  readonly id: number;
  /** Three bits, as in a mode. */
  readonly perms: number;
}

/** A POSIX access-control list; undefined members are not in it. Permissions are three bits each. */
export interface PosixAcl {
  readonly userObj: number | undefined;
  readonly groupObj: number | undefined;
  readonly mask: number | undefined;
  readonly other: number | undefined;
  /** Users first, each kind by id. */
  readonly named: readonly NamedPermissions[];
}

/** The list that is in force, or the one that new files of a directory get. */
export type AclKind = 'access' | 'default';

const NAMES: Readonly<Record<AclKind, string>> = {
  access: 'system.posix_acl_access',
  default: 'system.posix_acl_default',
};

/*
 * The value of these attributes: u32 version 2, then for each entry u16 tag, u16 permissions, u32 id;
 * little-endian, in the order of the tags.
 */
const VERSION = 2;
const HEAD_BYTES = 4;
const ENTRY_BYTES = 8;
const TAG = { USER_OBJ: 1, USER: 2, GROUP_OBJ: 4, GROUP: 8, MASK: 0x10, OTHER: 0x20 } as const;
const NO_ID = 0xffff_ffff;

/** The list of a file, or undefined when its mode says everything, or nothing is inherited. */
export function readAcl(target: XattrTarget, kind: AclKind): PosixAcl | undefined {
  let value: Uint8Array | undefined;
  try {
    value = xattrCalls()?.get(target, NAMES[kind]);
  } catch (error) {
    if (WITHOUT_ACLS.has(errnoCode(error) ?? '')) return undefined;
    throw error;
  }
  return value && decodeAcl(value);
}

/** Set a list, or with undefined remove it. Throws the system's error. */
export function writeAcl(target: XattrTarget, kind: AclKind, acl: PosixAcl | undefined): void {
  if (acl !== undefined) {
    xattrCalls()?.set(target, NAMES[kind], encodeAcl(acl));
    return;
  }
  try {
    xattrCalls()?.remove(target, NAMES[kind]);
  } catch (error) {
    const code = errnoCode(error) ?? '';
    if (code !== 'ENODATA' && !WITHOUT_ACLS.has(code)) throw error;
  }
}

const WITHOUT_ACLS: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** @internal */
export function decodeAcl(value: Uint8Array): PosixAcl | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== VERSION) return undefined;
  let [userObj, groupObj, mask, other]: (number | undefined)[] = [];
  const named: NamedPermissions[] = [];
  for (let at = HEAD_BYTES; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const perms = bytes.readUInt16LE(at + 2) & 7;
    const id = bytes.readUInt32LE(at + 4);
    switch (bytes.readUInt16LE(at)) {
      case TAG.USER_OBJ:
        userObj = perms;
        break;
      case TAG.USER:
        named.push({ kind: 'user', id, perms });
        break;
      case TAG.GROUP_OBJ:
        groupObj = perms;
        break;
      case TAG.GROUP:
        named.push({ kind: 'group', id, perms });
        break;
      case TAG.MASK:
        mask = perms;
        break;
      case TAG.OTHER:
        other = perms;
        break;
      default: // none that Linux has
    }
  }
  return { userObj, groupObj, mask, other, named: sortNamed(named) };
}

/** @internal */
export function encodeAcl({ userObj, groupObj, mask, other, named }: PosixAcl): Uint8Array {
  const entries: [tag: number, perms: number, id: number][] = [];
  const sorted = sortNamed(named);
  const add = (tag: number, perms: number | undefined, id: number = NO_ID): void => {
    if (perms !== undefined) entries.push([tag, perms, id]);
  };
  add(TAG.USER_OBJ, userObj);
  for (const { kind, id, perms } of sorted) if (kind === 'user') add(TAG.USER, perms, id);
  add(TAG.GROUP_OBJ, groupObj);
  for (const { kind, id, perms } of sorted) if (kind === 'group') add(TAG.GROUP, perms, id);
  add(TAG.MASK, mask);
  add(TAG.OTHER, other);
  const bytes = Buffer.alloc(HEAD_BYTES + entries.length * ENTRY_BYTES);
  bytes.writeUInt32LE(VERSION, 0);
  entries.forEach(([tag, perms, id], i) => {
    const at = HEAD_BYTES + i * ENTRY_BYTES;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(perms, at + 2);
    bytes.writeUInt32LE(id, at + 4);
  });
  return bytes;
}

/** Users first, each kind by id: the order in which lists travel and are compared. */
export function sortNamed(named: readonly NamedPermissions[]): NamedPermissions[] {
  return [...named].sort((a, b) => (a.kind === b.kind ? a.id - b.id : a.kind === 'user' ? -1 : 1));
}
