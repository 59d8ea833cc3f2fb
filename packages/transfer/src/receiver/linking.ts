import { createHardLink, type FileStat, lstat } from '@deltawire/filesystem';
import { type FileEntry, ItemFlag } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Backups } from './backups.ts';
import type { Deleter } from './delete.ts';
import { HardLinkGroups, type LinkGroup } from './hard-links.ts';
import type { ItemReporter } from './items.ts';
import { sameKind } from './kinds.ts';
import type { Placement } from './placement.ts';
import type { ListState, Wanted } from './state.ts';
import { reportSuccess } from './success.ts';

/** What hard links are made with. */
export interface LinkingSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly deleter: Deleter;
  readonly backups: Backups | undefined;
  readonly items: ItemReporter;
  /** Ask the sender for a file; false when no answer will come. */
  readonly ask: (wanted: Wanted, path: string, found: FileStat | undefined) => Promise<boolean>;
  /** The file needs no data any more. */
  readonly onLinked: (ndx: number) => void;
}

/**
 * Hard links (docs/spec/data.md §8.6): one member of a group is made a file, the others become
 * links to it.
 */
export class HardLinker {
  readonly #groups: HardLinkGroups = new HardLinkGroups();
  readonly #session: Session;
  readonly #placement: Placement;
  readonly #attributes: AttributePolicy;
  readonly #deleter: Deleter;
  readonly #backups: Backups | undefined;
  readonly #items: ItemReporter;
  readonly #ask: LinkingSetup['ask'];
  readonly #onLinked: (ndx: number) => void;

  constructor(setup: LinkingSetup) {
    this.#session = setup.session;
    this.#placement = setup.placement;
    this.#attributes = setup.attributes;
    this.#deleter = setup.deleter;
    this.#backups = setup.backups;
    this.#items = setup.items;
    this.#ask = setup.ask;
    this.#onLinked = setup.onLinked;
  }

  /** A list has arrived: its groups are known from now on. */
  addList(state: ListState): void {
    if (this.#session.options.hardLinks) this.#groups.addList(state);
  }

  /** The group of an entry whose turn it is, if it has one. */
  visit(entry: FileEntry): LinkGroup | undefined {
    return this.#session.options.hardLinks ? this.#groups.visit(entry) : undefined;
  }

  /** Whether this member of a group waits for another one; it is linked when that is in place. */
  waits(wanted: Wanted, group: LinkGroup, found: FileStat | undefined): boolean {
    const { inFlight, unseen } = group;
    if (inFlight === undefined && (found !== undefined || unseen === 0)) return false;
    group.waiting.push(wanted);
    wanted.state.pending++;
    return true;
  }

  /** A member was left out: when nobody else will be the file, choose one of those that wait. */
  async passOn(group: LinkGroup): Promise<void> {
    if (group.unseen > 0 || group.inFlight !== undefined || group.finished !== undefined) return;
    await this.#choose(group);
  }

  /** The file that a finished group's members are links to. */
  leaderOf({ finished = '', imagined }: LinkGroup): FileStat | undefined {
    return imagined ?? lstat(this.#placement.pathOfName(finished));
  }

  /** An alternate directory has this member, so that it is not made unless another one has to be. */
  async elsewhere(wanted: Wanted, group: LinkGroup): Promise<void> {
    group.elsewhere.push(wanted);
    await this.passOn(group);
  }

  /** A member is asked for. */
  asked(wanted: Wanted, group: LinkGroup): void {
    group.inFlight = wanted.ndx;
  }

  /** The request for a member has come to its end. */
  async settled(wanted: Wanted, done: boolean): Promise<void> {
    const group = this.#groups.of(wanted.entry);
    if (group === undefined) return;
    group.inFlight = undefined;
    if (done) this.inPlace(group, wanted);
    else await this.#choose(group);
  }

  /** A member is what it should be: make links of those that wait, the ones behind it first. */
  inPlace(group: LinkGroup, { ndx, entry }: Wanted): void {
    group.finished = this.#placement.nameOf(entry);
    const waiting = group.waiting.splice(0).sort((a, b) => a.ndx - b.ndx);
    const behind = waiting.filter((other) => other.ndx > ndx);
    const before = waiting.filter((other) => other.ndx < ndx).reverse();
    for (const next of [...behind, ...before]) {
      next.state.pending--;
      this.#linkLate(next, group);
    }
    for (const next of group.elsewhere.splice(0).reverse()) {
      if (!next.state.retired) this.#linkLate(next, group);
    }
  }

  #linkLate(next: Wanted, group: LinkGroup): void {
    const path = this.#placement.uncheckedPathFor(next.entry);
    this.link(next.ndx, next.entry, path, this.#look(next.entry), group);
  }

  /**
   * Make the entry a link to the member of its group that is in place. `alternate`: what it is compared
   * with, where that is in an alternate directory.
   */
  link(
    ndx: number,
    entry: FileEntry,
    path: string,
    found: FileStat | undefined,
    { finished = '' }: LinkGroup,
    alternate?: { readonly path: string; readonly stat: FileStat },
  ): void {
    this.#onLinked(ndx);
    const before = found ?? alternate?.stat;
    let iflags: number = ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS;
    const target = lstat(this.#placement.pathOfName(finished));
    if (target !== undefined && found?.ino === target.ino && found.dev === target.dev) {
      // Those are set by the receiver, later.
      iflags |= this.#attributes.xattrs?.differences(entry, path, true) ?? 0;
      this.#items.report(ndx, entry, iflags, '');
      reportSuccess(this.#session, ndx, path);
      return;
    }
    if (before === undefined || !sameKind(before.mode, entry.mode)) {
      iflags |= this.#attributes.flagsOfNew(entry);
      countKind(this.#session.stats.created, entry.mode);
    } else {
      const comparedPath = found === undefined ? (alternate?.path ?? path) : path;
      iflags |= this.#attributes.differences(entry, comparedPath, before, iflags);
    }
    if (this.#session.options.dryRun || this.#make(entry, path, found, finished)) {
      if (before !== found && this.#session.options.altDest === 'link') {
        this.#items.reportSameLink(ndx, entry, iflags, finished);
      } else this.#items.report(ndx, entry, iflags, finished);
      reportSuccess(this.#session, ndx, path);
    }
  }

  #make(entry: FileEntry, path: string, found: FileStat | undefined, finished: string): boolean {
    const isDirectory = found?.type === 'directory';
    const name = this.#placement.nameOf(entry);
    if (isDirectory && !this.#deleter.makeWay(name, found, 'hard link')) return false;
    const replaces = found !== undefined && !isDirectory;
    if (replaces && this.#backups?.beforeRemaking(name, found) === false) return false;
    try {
      const target = this.#placement.pathOfName(finished);
      createHardLink(target, this.#placement.pathFor(entry), {
        replace: replaces,
      });
      return true;
    } catch (error) {
      const what = `link ${this.#session.showPath(path)} => ${finished} failed`;
      this.#session.systemError('generator', what, error);
      return false;
    }
  }

  #look(entry: FileEntry): FileStat | undefined {
    if (this.#placement.isImaginary(entry)) return undefined;
    try {
      const path = this.#placement.pathFor(entry);
      const found = lstat(path);
      return found && (this.#session.fake?.see(path, found) ?? found);
    } catch {
      return undefined; // making the link fails for the same reason
    }
  }

  /** The member that was to be the file did not become one. */
  async #choose(group: LinkGroup): Promise<void> {
    const next = group.waiting.shift();
    if (next === undefined) return;
    next.state.pending--;
    group.inFlight = next.ndx;
    const path = this.#placement.uncheckedPathFor(next.entry);
    if (!(await this.#ask(next, path, undefined))) this.inPlace(group, next);
  }
}
