import { constants } from 'node:os';
import { readLink } from './directory.ts';
import { systemError } from './errno.ts';
import { lstat } from './stat.ts';

/** As many links as Linux follows in one path. */
const MAX_LINKS = 40;

/**
 * A directory that paths below it must not leave: links are followed as the system follows them, but
 * one that is absolute or climbs above the root fails as too many links do (ELOOP). This is what a
 * daemon without a chroot promises about a module, whoever made the links in it.
 */
export class ConfinedRoot {
  /** Without links, ends with a slash. */
  readonly #root: string;
  /** The last directory below the root found free of links, with a slash behind it. */
  #checked = '';

  /** `path` is absolute and contains no links itself. */
  constructor(path: string) {
    this.#root = path.endsWith('/') ? path : `${path}/`;
  }

  /**
   * Throws the system's ELOOP for a path that leads out; one that leads nowhere is fine, because
   * using it fails. `followLast`: whether the last component's own link will be followed.
   */
  check(path: string, followLast: boolean): void {
    if (!`${path}/`.startsWith(this.#root)) throw this.#outside(path);
    const parts = path.slice(this.#root.length).split('/').filter(isName);
    if (!followLast && !path.endsWith('/')) parts.pop();
    const directory = parts.length === 0 ? '' : `${parts.join('/')}/`;
    if (this.#checked.startsWith(directory)) return;
    if (!this.#follow(path, parts)) this.#checked = directory;
  }

  /** Whether there was a link, or something missing that may become one. */
  #follow(path: string, parts: readonly string[]): boolean {
    const ahead = [...parts].reverse();
    const passed: string[] = [];
    let links = 0;
    for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
      if (part === '..') {
        if (passed.pop() === undefined) throw this.#outside(path);
        continue;
      }
      passed.push(part);
      const here = this.#root + passed.join('/');
      const found = lstat(here);
      if (found === undefined) return true;
      if (found.type !== 'symlink') continue;
      const target = readLink(here);
      if (target.startsWith('/') || ++links > MAX_LINKS) throw this.#outside(path);
      passed.pop();
      ahead.push(...target.split('/').filter(isName).reverse());
    }
    return links > 0 || parts.includes('..');
  }

  #outside(path: string): Error {
    return systemError(constants.errno.ELOOP, 'open', path);
  }
}

const isName = (part: string): boolean => part !== '' && part !== '.';
