import { readFileSync } from 'node:fs';
import { groupId, isRoot, processIds, userId } from '@deltawire/filesystem';

/** A line of the user database. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** User and group to become, and the supplementary groups. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** When a module names a user or group that does not exist; the message is for the peer. */
export class IdentityError extends Error {
  override readonly name: string = 'IdentityError';
}

function databaseLines(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'latin1').split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#')).map((l) => l.split(':'));
  } catch {
    // A system without the file has no names, and numbers still work.
    return [];
  }
}

const users = (): SystemUser[] =>
  databaseLines('/etc/passwd').map(([name = '', , uid, gid]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
  }));

interface SystemGroup {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const groups = (): SystemGroup[] =>
  databaseLines('/etc/group').map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(','),
  }));

/** The system's user of that name. */
export const findUser = (name: string): SystemUser | undefined =>
  users().find((user) => user.name === name);

/** Names of all groups the system's user of that name belongs to. */
export function groupNamesOf(userName: string): string[] {
  const user = findUser(userName);
  if (!user) return [];
  const belongs = ({ gid, members }: SystemGroup): boolean =>
    gid === user.gid || members.includes(userName);
  return groups()
    .filter(belongs)
    .map(({ name }) => name);
}

function groupIdsOf(user: SystemUser): number[] {
  const member = groups().filter(({ members }) => members.includes(user.name));
  return [user.gid, ...member.map(({ gid }) => gid)];
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

function resolveUser(text: string): SystemUser {
  if (isNumber(text)) {
    const uid = Number(text);
    return users().find((user) => user.uid === uid) ?? { name: '', uid, gid: uid };
  }
  const uid = userId(text);
  if (uid === undefined) throw new IdentityError(`invalid uid ${text}`);
  return findUser(text) ?? { name: text, uid, gid: uid };
}

function resolveGroup(text: string): number {
  if (isNumber(text)) return Number(text);
  const gid = groupId(text);
  if (gid === undefined) throw new IdentityError(`invalid gid ${text}`);
  return gid;
}

/** A list is split on spaces and commas, or on commas only when it begins with one. */
export function splitList(list: string): string[] {
  const parts = list.trimStart().startsWith(',') ? list.split(',') : list.split(/[\s,]+/);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/**
 * The identity that a module's `uid` and `gid` ask for (docs/spec/session.md §11.3): undefined
 * when they ask for nothing and this process is not root. Throws `IdentityError`.
 */
export function moduleIdentity(
  uid: string,
  gid: string,
  root: boolean = isRoot(),
): Identity | undefined {
  if (!root) return uid === '' && gid === '' ? undefined : askedIdentity(uid, gid);
  const user = resolveUser(uid || 'nobody');
  const wanted = splitList(gid);
  if (wanted.length === 0) {
    // Only the default user brings its own group; a module that names a user keeps nobody's.
    const nobody = resolveUser('nobody');
    return { uid: user.uid, gid: nobody.gid, groups: [nobody.gid] };
  }
  if (wanted.slice(1).includes('*')) throw new IdentityError('invalid gid setting.');
  const all = wanted[0] === '*' ? groupIdsOf(user) : [];
  const named = wanted.filter((name) => name !== '*').map(resolveGroup);
  const list = [...new Set([...all, ...named])];
  return { uid: user.uid, gid: list[0] ?? user.gid, groups: list };
}

/** Of a process that cannot become anybody else: what is not said stays as it is. */
function askedIdentity(uid: string, gid: string): Identity {
  const user = uid === '' ? undefined : resolveUser(uid);
  const [first] = splitList(gid);
  const own = processIds();
  const group = first === undefined ? own.gid : first === '*' ? user?.gid : resolveGroup(first);
  return { uid: user?.uid ?? own.uid, gid: group ?? own.gid, groups: [] };
}

/** The identity of `daemon uid` and `daemon gid`; undefined when neither is set. Throws `IdentityError`. */
export function daemonIdentity(uid: string, gid: string): Identity | undefined {
  if (uid === '' && gid === '') return undefined;
  const own = processIds();
  const group = gid === '' ? own.gid : resolveGroup(gid);
  return { uid: uid === '' ? own.uid : resolveUser(uid).uid, gid: group, groups: [group] };
}

/** Become that user for good: groups first, while this process may still change them. */
export function switchIdentity(identity: Identity): void {
  process.setgroups?.([...identity.groups]);
  process.setgid?.(identity.gid);
  process.setuid?.(identity.uid);
}
