import { isUnsafeSymlink } from '@deltawire/file-list';
import {
  createHardLink,
  createNode,
  createSymlink,
  type FileStat,
  lstat,
  TemporaryFile,
} from '@deltawire/filesystem';
import { type FileEntry, ItemFlag } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import { AlternateLevel, type AlternateMatch, type Alternates } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Backups } from './backups.ts';
import type { Deleter } from './delete.ts';
import type { ItemReporter } from './items.ts';
import { isDevice, isSpecial, isSymlink, nodeType, sameKind } from './kinds.ts';
import type { Placement } from './placement.ts';
import type { QuickCheck } from './quick-check.ts';
import { reportSuccess } from './success.ts';

/** What nodes are made with. */
export interface NodesSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly deleter: Deleter;
  readonly backups: Backups | undefined;
  readonly items: ItemReporter;
  readonly check: QuickCheck;
  readonly alternates: Alternates;
}

/** What came of a node: it is there, an alternate directory has it, or it was left out. */
export type NodeOutcome = 'made' | 'elsewhere' | 'left-out';

/** Symlinks, devices, fifos and sockets: made here, without data (docs/spec/data.md §8.2). */
export class NodeMaker {
  readonly #session: Session;
  readonly #placement: Placement;
  readonly #attributes: AttributePolicy;
  readonly #deleter: Deleter;
  readonly #backups: Backups | undefined;
  readonly #items: ItemReporter;
  readonly #check: QuickCheck;
  readonly #alternates: Alternates;

  constructor(setup: NodesSetup) {
    this.#session = setup.session;
    this.#placement = setup.placement;
    this.#attributes = setup.attributes;
    this.#deleter = setup.deleter;
    this.#backups = setup.backups;
    this.#items = setup.items;
    this.#check = setup.check;
    this.#alternates = setup.alternates;
  }

  /** Make it what it should be. */
  handle(ndx: number, entry: FileEntry, path: string, found: FileStat | undefined): NodeOutcome {
    const { options, stats } = this.#session;
    if (!this.#isWanted(entry)) return 'left-out';
    if (found !== undefined && this.#check.matches(entry, path, found)) {
      this.#items.report(ndx, entry, this.#attributes.differences(entry, path, found, 0));
      if (!options.dryRun) {
        this.#attributes.apply(entry, path, this.#attributes.wanted(entry, found, true), found);
      }
      reportSuccess(this.#session, ndx, path);
      return 'made';
    }
    const match = this.#match(entry, found);
    const perfect = match?.level === AlternateLevel.SAME_ALL;
    if (perfect && this.#alternates.kind === 'compare') {
      this.#items.reportMatch(ndx, entry, 0);
      return 'elsewhere';
    }
    const here = found !== undefined && sameKind(found.mode, entry.mode) ? found : undefined;
    if (found?.type === 'directory') {
      const kind = entry.mode;
      const what = isSymlink(kind) ? 'symlink' : isDevice(kind) ? 'device file' : 'special file';
      if (!this.#deleter.makeWay(this.#placement.nameOf(entry), found, what)) return 'left-out';
    }
    const replaces = found !== undefined && found.type !== 'directory';
    if (replaces && !this.#keep(entry, found)) return 'left-out';
    if (perfect && this.#alternates.kind === 'link' && this.#link(entry, match.path, replaces)) {
      // As in rsync, the sender keeps such a source.
      this.#items.reportMatch(ndx, entry, ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS, '');
      return 'made';
    }
    if (!options.dryRun && !this.#make(entry, replaces ? found : undefined)) return 'left-out';
    if (perfect) {
      this.#items.reportMatch(ndx, entry, ItemFlag.LOCAL_CHANGE);
      reportSuccess(this.#session, ndx, path);
      return 'made';
    }
    const before = match?.stat ?? here;
    let iflags = ItemFlag.LOCAL_CHANGE | ItemFlag.REPORT_CHANGE;
    if (before === undefined) {
      iflags |= this.#attributes.flagsOfNew(entry);
      countKind(stats.created, entry.mode);
    } else {
      iflags |= this.#attributes.differences(entry, match?.path ?? path, before, iflags);
    }
    this.#items.report(ndx, entry, iflags);
    reportSuccess(this.#session, ndx, path);
    return 'made';
  }

  /** What alternate directories have of it, where it is not here. */
  #match(entry: FileEntry, found: FileStat | undefined): AlternateMatch | undefined {
    if (this.#alternates.count === 0 || found !== undefined) return undefined;
    const name = this.#placement.nameOf(entry);
    return this.#alternates.find(entry, name, AlternateLevel.SAME_TYPE);
  }

  /** Returns false where the system cannot link such an item. */
  #link(entry: FileEntry, from: string, replace: boolean): boolean {
    if (this.#session.options.dryRun) return true;
    try {
      createHardLink(from, this.#placement.pathFor(entry), { replace });
      return true;
    } catch {
      return false;
    }
  }

  /** `--backup`: what is replaced is kept; a dry run tells of it. */
  #keep(entry: FileEntry, found: FileStat): boolean {
    return this.#backups?.beforeRemaking(this.#placement.nameOf(entry), found) ?? true;
  }

  #isWanted(entry: FileEntry): boolean {
    const { options } = this.#session;
    const symlink = isSymlink(entry.mode);
    if (symlink ? !options.links : !this.#createsNode(entry.mode)) {
      if (this.#session.info('nonreg') > 0) {
        this.#session.say(`skipping non-regular file "${entry.name}"\n`);
      }
      return false;
    }
    if (symlink && options.safeLinks && isUnsafeSymlink(entry.linkTarget, entry.name)) {
      if (this.#session.info('symsafe') > 0) {
        this.#session.say(`ignoring unsafe symlink "${entry.name}" -> "${entry.linkTarget}"\n`);
      }
      return false;
    }
    return true;
  }

  #createsNode(mode: number): boolean {
    const { options, fake, superUser } = this.#session;
    if (options.dropD) return false;
    if (isDevice(mode)) return options.devices && (fake !== undefined || superUser);
    return isSpecial(mode) && options.specials;
  }

  /** Make it in the place of `old`, whose mode it keeps where modes are not preserved. */
  #make(entry: FileEntry, old: FileStat | undefined): boolean {
    const replace = old !== undefined;
    let path = this.#placement.uncheckedPathFor(entry);
    try {
      path = this.#placement.pathFor(entry);
      if (this.#session.fake !== undefined) makeStandIn(path, entry.linkTarget);
      else if (isSymlink(entry.mode)) createSymlink(entry.linkTarget, path, { replace });
      else {
        const { rdevMajor, rdevMinor } = entry;
        const mode = this.#attributes.modeFor(entry, old);
        createNode(path, { type: nodeType(entry.mode), mode, rdevMajor, rdevMinor }, { replace });
      }
    } catch (error) {
      const shown = this.#session.showPath(path);
      const what = isSymlink(entry.mode)
        ? `symlink ${shown} -> "${entry.linkTarget}" failed`
        : `mknod ${shown} failed`;
      this.#session.systemError('generator', what, error);
      return false;
    }
    const made = lstat(path);
    if (made !== undefined) {
      const wanted = this.#attributes.wanted(entry, made, true);
      if (old !== undefined && !isSymlink(entry.mode)) {
        wanted.mode = this.#attributes.modeFor(entry, old);
      }
      this.#attributes.apply(entry, path, wanted, made);
    }
    return true;
  }
}

/** With `--fake-super` a file takes the place of a link (with its target inside) or a device. */
function makeStandIn(path: string, content: string): void {
  using file = TemporaryFile.create(path, { mode: 0o600 });
  if (content !== '') file.write(Buffer.from(content, 'latin1'), 0);
  file.commit();
}
