import type { IdNames } from '@deltawire/file-list';
import type { AclKind, FileStat } from '@deltawire/filesystem';
import { type Acl, aclKey, type EntryAcls, NO_ACL } from '@deltawire/protocol';
import type { LocalAcls } from '../local-acls.ts';

/** What the names of ids in lists are found with. */
export interface AclNaming {
  readonly users: IdNames;
  readonly groups: IdNames;
  /** Names travel with the lists (incremental recursion); otherwise they are only noted. */
  readonly inline: boolean;
}

/** The access-control lists of a sender's entries: each is made once, and its names are told once. */
export class AclLists {
  readonly #local: LocalAcls;
  readonly #naming: AclNaming | undefined;
  readonly #lists: Readonly<Record<AclKind, Map<string, Acl>>> = {
    access: new Map(),
    default: new Map(),
  };

  /** Without `naming` ids are numbers only. */
  constructor(local: LocalAcls, naming: AclNaming | undefined) {
    this.#local = local;
    this.#naming = naming;
  }

  /** The lists of a file. Throws the system's error. */
  of(path: string, { type, mode }: FileStat): EntryAcls | undefined {
    if (type === 'symlink') return undefined;
    const access = this.#list(path, 'access', mode);
    return { access, default: type === 'directory' ? this.#list(path, 'default', mode) : NO_ACL };
  }

  #list(path: string, kind: AclKind, mode: number): Acl {
    const acl = this.#local.read(path, kind, mode);
    const lists = this.#lists[kind];
    const key = aclKey(acl);
    let known = lists.get(key);
    if (known === undefined) {
      known = this.#withNames(acl);
      lists.set(key, known);
    }
    return known;
  }

  #withNames(acl: Acl): Acl {
    if (this.#naming === undefined || acl.named.length === 0) return acl;
    const { users, groups, inline } = this.#naming;
    const named = acl.named.map((one) => {
      const name = (one.kind === 'user' ? users : groups).firstSight(one.id);
      return inline ? { ...one, name } : one;
    });
    return { ...acl, named };
  }
}
