import {
  type AclKind,
  type PosixAcl,
  readAcl,
  sortNamed,
  writeAcl,
  type XattrTarget,
  xattrCalls,
} from '@deltawire/filesystem';
import { type Acl, type AclName, NO_ACL } from '@deltawire/protocol';
import type { Session } from './session.ts';

/** Where `--fake-super` keeps lists. */
const NOTES: Readonly<Record<AclKind, string>> = {
  access: 'user.rsync.%aacl',
  default: 'user.rsync.%dacl',
};
const ABSENT = 0x80;
const IS_USER = 0x8000_0000;
const FIELDS = ['userObj', 'groupObj', 'mask', 'other'] as const;

/** The access-control lists of files here (docs/spec/data.md §10.4, §10.5). */
export class LocalAcls {
  readonly #fake: boolean;

  private constructor(fake: boolean) {
    this.#fake = fake;
  }

  /** undefined without `--acls`, and where the system has none: the option was refused there. */
  static open({ options, fake }: Session): LocalAcls | undefined {
    if (!options.acls || xattrCalls() === undefined) return undefined;
    return new LocalAcls(fake !== undefined);
  }

  /** A list as it travels: without what the mode has. Throws the system's error. */
  read(target: XattrTarget, kind: AclKind, mode: number): Acl {
    const acl = this.raw(target, kind);
    if (acl === undefined) return NO_ACL;
    return kind === 'access' ? withoutMode(acl, mode) : acl;
  }

  /** A list as it is kept; undefined when there is none. Throws the system's error. */
  raw(target: XattrTarget, kind: AclKind): PosixAcl | undefined {
    return this.#fake ? readNote(target, kind) : readAcl(target, kind);
  }

  /** Keep a list, or with undefined forget it. Throws the system's error. */
  write(target: XattrTarget, kind: AclKind, acl: PosixAcl | undefined): void {
    if (this.#fake) writeNote(target, kind, acl);
    else writeAcl(target, kind, acl);
  }

  /** What is kept of a list that arrived, for a file of this mode. */
  complete(acl: Acl, kind: AclKind, mode: number): PosixAcl | undefined {
    const { named, mask } = acl;
    const isEmpty = named.length === 0 && mask === undefined;
    if (isEmpty && (kind === 'access' || acl.groupObj === undefined)) return undefined;
    const repaired = withMask({ ...acl, named: sortNamed(named) }, kind, mode);
    return this.#fake ? repaired : withMode(repaired, mode);
  }
}

function withoutMode({ groupObj, mask, named }: PosixAcl, mode: number): Acl {
  const group = (mode >> 3) & 7;
  return {
    userObj: undefined,
    groupObj: mask === undefined || groupObj === group ? undefined : groupObj,
    mask: named.length > 0 && mask === group ? undefined : mask,
    other: undefined,
    named,
  };
}

/** A list with names must have a mask. */
function withMask(acl: PosixAcl, kind: AclKind, mode: number): PosixAcl {
  const { mask, groupObj = 0, named } = acl;
  if (mask !== undefined || named.length === 0) return acl;
  const all = named.reduce((union, { perms }) => union | perms, groupObj);
  return { ...acl, mask: kind === 'access' ? (mode >> 3) & 7 : all };
}

function withMode(acl: PosixAcl, mode: number): PosixAcl {
  const { userObj = (mode >> 6) & 7, groupObj = (mode >> 3) & 7, other = mode & 7 } = acl;
  return { ...acl, userObj, groupObj, other };
}

function readNote(target: XattrTarget, kind: AclKind): PosixAcl | undefined {
  const value = xattrCalls()?.get(target, NOTES[kind]);
  if (value === undefined || value.length < 16 || value.length % 8 !== 0) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length);
  const [userObj, groupObj, mask, other] = FIELDS.map((_, i) => {
    const perms = bytes.readUInt32LE(4 * i);
    return perms === ABSENT ? undefined : perms & 7;
  });
  const named: AclName[] = [];
  for (let at = 16; at < bytes.length; at += 8) {
    const access = bytes.readUInt32LE(at + 4);
    const isUser = access >= IS_USER;
    named.push({
      kind: isUser ? 'user' : 'group',
      id: bytes.readUInt32LE(at),
      perms: access & 7,
    });
  }
  return { userObj, groupObj, mask, other, named };
}

function writeNote(target: XattrTarget, kind: AclKind, acl: PosixAcl | undefined): void {
  const calls = xattrCalls();
  const name = NOTES[kind];
  if (acl === undefined) {
    if (calls?.get(target, name) !== undefined) calls.remove(target, name);
    return;
  }
  const bytes = Buffer.alloc(16 + 8 * acl.named.length);
  FIELDS.forEach((field, i) => {
    bytes.writeUInt32LE(acl[field] ?? ABSENT, 4 * i);
  });
  acl.named.forEach(({ kind: who, id, perms }, i) => {
    bytes.writeUInt32LE(id, 16 + 8 * i);
    bytes.writeUInt32LE(who === 'user' ? perms + IS_USER : perms, 20 + 8 * i);
  });
  calls?.set(target, name, bytes);
}
