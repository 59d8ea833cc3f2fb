import { realpathSync } from 'node:fs';
import { fsPath, groupsOfProcess, isRoot, lstat, processIds, stat } from '@deltawire/filesystem';
import { expandVariables } from './expand.ts';
import { type Identity, IdentityError, moduleIdentity, switchIdentity } from './identity.ts';
import { Refused } from './refused.ts';
import type { ServeContext } from './serve-context.ts';
import type { ModuleSettings } from './settings.ts';

/** Where munged links point; a directory of that name would make them work. */
const MUNGE_DIRECTORY = '/rsyncd-munged';

/** What serving a module will need, found out while nothing has been done yet. */
export interface ModulePlan {
  readonly module: ModuleSettings;
  /** As configured, with its variables replaced; byte string. */
  readonly path: string;
  /** Whom to become; undefined for nobody else. */
  readonly identity: Identity | undefined;
}

/** A module whose directory is there and whose identity this process has taken. */
export interface EnteredModule {
  /** Absolute, without links; byte string. */
  readonly root: string;
  readonly mungesSymlinks: boolean;
}

/** Check identity and path of a module (docs/spec/session.md §4.5). Throws `Refused`. */
export function planModule(
  module: ModuleSettings,
  user: string,
  context: ServeContext,
): ModulePlan {
  const env = { ...context.env, RSYNC_USER_NAME: user, RSYNC_MODULE_NAME: module.name };
  const identity = identityOf(module, env);
  const path = expandVariables(module.path, env);
  if (path === '') throw new Refused('no path setting.', `no path setting in ${module.name}`);
  return { module, path, identity };
}

/**
 * Become the module's user where this process serves nothing else, and look for its directory
 * (docs/spec/session.md §4.5, steps 5 to 7). Throws `Refused`.
 */
export function enterModule(
  { module, path, identity }: ModulePlan,
  context: ServeContext,
): EnteredModule {
  if (identity && !isRoot()) checkIdentity(identity);
  else if (identity && context.ownProcess) switchIdentity(identity);
  const root = resolveRoot(path);
  const mungesSymlinks = module.mungeSymlinks ?? root !== '/';
  if (mungesSymlinks && lstat(MUNGE_DIRECTORY)?.type === 'directory') {
    throw new Refused(
      'daemon security issue -- contact admin',
      `symlink munging is unsafe when a ${MUNGE_DIRECTORY} directory exists`,
    );
  }
  return { root, mungesSymlinks };
}

/** Somebody who is not root is who they are. */
function checkIdentity({ uid, gid }: Identity): void {
  const own = processIds();
  const fail = (call: string, id: number): Refused =>
    new Refused(`${call} failed`, `${call} ${id} failed: Operation not permitted (1)`);
  if (gid !== own.gid && !groupsOfProcess().has(gid)) throw fail('setgid', gid);
  if (uid !== own.uid) throw fail('setuid', uid);
}

function identityOf(
  module: ModuleSettings,
  env: Readonly<Record<string, string | undefined>>,
): Identity | undefined {
  try {
    return moduleIdentity(expandVariables(module.uid, env), expandVariables(module.gid, env));
  } catch (error) {
    if (error instanceof IdentityError)
      throw new Refused(error.message, error.message.replace('invalid', 'Invalid'));
    throw error;
  }
}

function resolveRoot(path: string): string {
  // `outer/./inner` splits what is changed to from what is served; without a chroot both are one.
  const whole = path.replaceAll(/\/(?:\.\/)+/g, '/');
  try {
    const root = realpathSync(fsPath(whole), 'latin1');
    if (stat(root)?.type !== 'directory') throw new Error('not a directory');
    return root;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Refused('chdir failed', `chdir ${whole} failed: ${reason}`);
  }
}
