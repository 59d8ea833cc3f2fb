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

/** The file mode creation mask. */
export function processUmask(): number {
  // Reading it means setting it: once, before other threads could create files in between.
  mask ??= process.umask();
  return mask;
}
let mask: number | undefined;
