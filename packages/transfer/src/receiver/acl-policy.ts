import type { IdMapper } from '@deltawire/file-list';
import type { AclKind, FileStat, XattrTarget } from '@deltawire/filesystem';
import {
  type Acl,
  aclKey,
  type EntryAcls,
  type FileEntry,
  ItemFlag,
  NO_ACL,
} from '@deltawire/protocol';
import type { LocalAcls } from '../local-acls.ts';
import type { Role, Session } from '../session.ts';
import { isDirectory } from './kinds.ts';

/** What is known of the ids in lists. */
export interface AclMapping {
  readonly users: IdMapper;
  readonly groups: IdMapper;
}

/** Access-control lists on the receiving side (docs/spec/data.md §10.5). */
export class AclPolicy {
  readonly #session: Session;
  readonly #local: LocalAcls;
  readonly #mapping: AclMapping;
  /** Lists as they came, and with this side's ids. */
  readonly #adopted: WeakMap<Acl, Acl> = new WeakMap();

  constructor(session: Session, local: LocalAcls, mapping: AclMapping) {
    this.#session = session;
    this.#local = local;
    this.#mapping = mapping;
  }

  /** Lists with this side's ids. */
  adopt(acls: EntryAcls | undefined): EntryAcls | undefined {
    if (acls === undefined) return undefined;
    return { access: this.#own(acls.access), default: acls.default && this.#own(acls.default) };
  }

  #own(acl: Acl): Acl {
    let own = this.#adopted.get(acl);
    if (own === undefined) {
      const { users, groups } = this.#mapping;
      const named = acl.named.map(({ kind, id, perms, name }) => ({
        kind,
        perms,
        id: (kind === 'user' ? users : groups).map(id, name),
      }));
      named.sort((a, b) => (a.kind === b.kind ? a.id - b.id : a.kind === 'user' ? -1 : 1));
      own = { ...acl, named };
      this.#adopted.set(acl, own);
    }
    return own;
  }

  /** The item flag where `path` has other lists. */
  differences(entry: FileEntry, path: string, { mode }: FileStat): number {
    if (entry.acls === undefined) return 0;
    const same = kindsOf(entry).every((kind) => {
      const wanted = entry.acls?.[kind] ?? NO_ACL;
      try {
        return aclKey(this.#local.read(path, kind, mode)) === aclKey(wanted);
      } catch (error) {
        this.#failed('generator', 'get_acl: sys_acl_get_file', kind, path, error);
        return true;
      }
    });
    return same ? 0 : ItemFlag.REPORT_ACL;
  }

  /** Set the lists of a file that gets this mode; `shown` is what messages call it. Whether one changed. */
  apply(entry: FileEntry, target: XattrTarget, mode: number, shown: string, role: Role): boolean {
    if (entry.acls === undefined) return false;
    let changed = false;
    for (const kind of kindsOf(entry)) {
      try {
        const wanted = this.#local.complete(entry.acls[kind] ?? NO_ACL, kind, mode);
        const found = this.#local.raw(target, kind);
        if (aclKey(found ?? NO_ACL) === aclKey(wanted ?? NO_ACL)) continue;
        this.#local.write(target, kind, wanted);
        changed ||= kind === 'access';
      } catch (error) {
        this.#failed(role, 'set_acl: sys_acl_set_file', kind, shown, error);
      }
    }
    return changed;
  }

  /** Take the access list of a file here over. */
  copy(from: string, target: XattrTarget, shown: string): void {
    try {
      const acl = this.#local.raw(from, 'access');
      if (acl !== undefined) this.#local.write(target, 'access', acl);
    } catch (error) {
      this.#failed('generator', 'set_acl: sys_acl_set_file', 'access', shown, error);
    }
  }

  #failed(role: Role, call: string, kind: AclKind, path: string, error: unknown): void {
    const shown = this.#session.showPath(path).replaceAll('"', '');
    this.#session.systemError(role, `${call}(${shown}, ACL_TYPE_${kind.toUpperCase()})`, error);
  }
}

const kindsOf = ({ mode }: FileEntry): readonly AclKind[] =>
  isDirectory(mode) ? ['access', 'default'] : ['access'];
