/** Whether the process may give files away, make devices and so on. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The user and group that own what the process creates. */
export function processIds(): { uid: number; gid: number } {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

let groups: ReadonlySet<number> | undefined;

/** Every group the process belongs to: what it may set as a file's group without being root. */
export function groupsOfProcess(): ReadonlySet<number> {
  groups ??= new Set([processIds().gid, ...(process.getgroups?.() ?? [])]);
  return groups;
}

/** Not among the declared types of Node. */
const { initgroups } = process as unknown as { initgroups: (user: number, gid: number) => void };

/**
 * Become another user for good, with one group or with all of that user's. Only root can; throws the
 * system's error. The order counts: who is no longer root cannot change groups.
 */
export function becomeUser(uid: number, gid: number, withAllGroups: boolean): void {
  groups = undefined;
  process.setgid?.(gid);
  process.setgroups?.([gid]);
  if (withAllGroups) initgroups.call(process, uid, gid);
  process.setuid?.(uid);
}

/** The file mode creation mask. */
export function processUmask(): number {
  // Reading it means setting it: once, before other threads could create files in between.
  mask ??= process.umask();
  return mask;
}
let mask: number | undefined;
