import { isUnsafeSymlink } from '@deltawire/file-list';
import { createNode, createSymlink, type FileStat, lstat, readLink } from '@deltawire/filesystem';
import { type FileEntry, ItemFlag } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Deleter } from './delete.ts';
import type { ItemReporter } from './items.ts';
import { isDevice, isSpecial, isSymlink, nodeType, sameKind } from './kinds.ts';
import type { Placement } from './placement.ts';
import { reportSuccess } from './success.ts';

/** What nodes are made with. */
export interface NodesSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly deleter: Deleter;
  readonly items: ItemReporter;
}

/** Symlinks, devices, fifos and sockets: made here, without data (docs/spec/data.md §8.2). */
export class NodeMaker {
  readonly #session: Session;
  readonly #placement: Placement;
  readonly #attributes: AttributePolicy;
  readonly #deleter: Deleter;
  readonly #items: ItemReporter;

  constructor(setup: NodesSetup) {
    this.#session = setup.session;
    this.#placement = setup.placement;
    this.#attributes = setup.attributes;
    this.#deleter = setup.deleter;
    this.#items = setup.items;
  }

  /** Make it what it should be. Returns false when it was left out. */
  handle(ndx: number, entry: FileEntry, path: string, found: FileStat | undefined): boolean {
    const { options, stats } = this.#session;
    if (!this.#isWanted(entry)) return false;
    if (found !== undefined && this.#isSame(entry, path, found)) {
      this.#items.report(ndx, entry, this.#attributes.differences(entry, found, 0));
      if (!options.dryRun) {
        this.#attributes.apply(path, this.#attributes.wanted(entry, found, true), found);
      }
      reportSuccess(this.#session, ndx, path);
      return true;
    }
    const before = found !== undefined && sameKind(found.mode, entry.mode) ? found : undefined;
    if (found?.type === 'directory') {
      const kind = entry.mode;
      const what = isSymlink(kind) ? 'symlink' : isDevice(kind) ? 'device file' : 'special file';
      if (!this.#deleter.makeWay(this.#placement.nameOf(entry), found, what)) return false;
    }
    const replaces = found !== undefined && found.type !== 'directory';
    if (!options.dryRun && !this.#make(entry, replaces)) return false;
    let iflags = ItemFlag.LOCAL_CHANGE | ItemFlag.REPORT_CHANGE;
    if (before === undefined) {
      iflags |= ItemFlag.IS_NEW;
      countKind(stats.created, entry.mode);
    } else {
      iflags |= this.#attributes.differences(entry, before, iflags);
    }
    this.#items.report(ndx, entry, iflags);
    reportSuccess(this.#session, ndx, path);
    return true;
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
    const { options } = this.#session;
    if (isDevice(mode)) return options.devices && process.geteuid?.() === 0;
    return isSpecial(mode) && options.specials;
  }

  #isSame(entry: FileEntry, path: string, found: FileStat): boolean {
    if (!sameKind(found.mode, entry.mode)) return false;
    if (isSymlink(entry.mode)) return readLink(path) === entry.linkTarget;
    if (isSpecial(entry.mode)) return true;
    return found.rdevMajor === entry.rdevMajor && found.rdevMinor === entry.rdevMinor;
  }

  #make(entry: FileEntry, replace: boolean): boolean {
    let path = this.#placement.uncheckedPathFor(entry);
    try {
      path = this.#placement.pathFor(entry);
      if (isSymlink(entry.mode)) createSymlink(entry.linkTarget, path, { replace });
      else {
        const { rdevMajor, rdevMinor } = entry;
        const mode = this.#attributes.modeFor(entry, undefined);
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
      this.#attributes.apply(path, this.#attributes.wanted(entry, made, true), made);
    }
    return true;
  }
}
