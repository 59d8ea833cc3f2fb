import { constants } from 'node:os';
import { readLink } from './directory.ts';
import { systemError } from './errno.ts';
import { absolutePath } from './paths.ts';
import { lstat } from './stat.ts';

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/** How paths of the command line are checked. */
export interface TrustedPathsOptions {
  /** Links of whomever are followed (`--insecure-links`). */
  readonly insecure: boolean;
  /** Absolute directory that bounded paths must not leave (`--confine-root`). */
  readonly confineRoot?: string | undefined;
  /** Told of each path that is refused because of a link's owner, before that throws. */
  readonly onUntrusted?: ((line: string) => void) | undefined;
}

/**
 * Paths that the command line names, whose directories others may be able to write to: a link in
 * them is followed when root or this process's user owns it, and refused as too many links are
 * (ELOOP) when anybody else planted it. This looks before the path is used: who can put a link in
 * its place in between is not stopped.
 */
export class TrustedPaths {
  readonly #options: TrustedPathsOptions;
  readonly #root: string | undefined;

  constructor(options: TrustedPathsOptions) {
    this.#options = options;
    const root = options.confineRoot?.replace(/\/+$/, '') ?? '';
    // Where the bound itself leads is the user's choice.
    if (root !== '') this.#root = walk(root, true, () => true);
  }

  /**
   * Throws the system's ELOOP for a path that must not be used; one that leads nowhere is fine,
   * because using it fails.
   *
   * @param followLast whether the last component's own link will be followed
   * @param bounded whether `--confine-root` is about it
   */
  check(path: string, followLast: boolean, bounded = true): void {
    const { insecure } = this.#options;
    if (insecure && this.#root === undefined) return;
    const end = walk(path, followLast, (uid) => insecure || isTrusted(uid));
    if (end === undefined) {
      this.#options.onUntrusted?.(REFUSAL);
      throw tooManyLinks(path);
    }
    if (!bounded || this.#root === undefined) return;
    if (end !== this.#root && !end.startsWith(`${this.#root}/`)) throw tooManyLinks(path);
  }
}

/** rsync's words. */
const REFUSAL =
  'refusing to follow a symlink owned by an untrusted user; use --insecure-links locally or ' +
  '"insecure links = yes" in a daemon module ONLY if every path component is trusted';

const isTrusted = (uid: number): boolean => uid === 0 || uid === process.geteuid?.();

const tooManyLinks = (path: string): Error => systemError(constants.errno.ELOOP, 'open', path);

/** Where a path leads, without links; undefined where `follows` forbids one. */
function walk(
  path: string,
  followLast: boolean,
  follows: (uid: number) => boolean,
): string | undefined {
  // The working directory is where the process is: nothing was followed to get there.
  const ahead = partsOf(absolutePath(path)).reverse();
  const passed: string[] = [];
  let links = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '..') {
      passed.pop();
      continue;
    }
    passed.push(part);
    if (ahead.length === 0 && !followLast && !path.endsWith('/')) break;
    const here = `/${passed.join('/')}`;
    const found = lstatOrNothing(here);
    if (found?.type !== 'symlink') continue;
    if (!follows(found.uid)) return undefined;
    if (++links > MAX_LINKS) break;
    const target = readLink(here);
    if (target.startsWith('/')) passed.length = 0;
    else passed.pop();
    ahead.push(...partsOf(target).reverse());
  }
  return `/${passed.join('/')}`;
}

function lstatOrNothing(path: string): ReturnType<typeof lstat> {
  try {
    return lstat(path);
  } catch {
    return undefined; // using it will say why
  }
}

const partsOf = (path: string): string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.');
