import { createHardLink, type FileStat, removeFile } from '@deltawire/filesystem';
import { type FileEntry, ItemFlag } from '@deltawire/protocol';
import type { SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import { AlternateLevel, type AlternateMatch, type Alternates } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import type { LinkGroup } from './hard-links.ts';
import type { ItemReporter } from './items.ts';
import type { HardLinker } from './linking.ts';
import type { LocalCopier } from './local-copy.ts';
import type { Placement } from './placement.ts';
import type { Wanted } from './state.ts';
import { reportSuccess } from './success.ts';

/** What regular files of alternate directories are used with. */
export interface AlternateFilesSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly alternates: Alternates;
  readonly copier: LocalCopier;
  readonly items: ItemReporter;
  readonly links: HardLinker;
  readonly signatures: SignatureCache;
}

/**
 * Regular files that an alternate directory has already: nothing is to be done, or they are linked or
 * copied without data from the sender (docs/spec/data.md §8.4).
 */
export class AlternateFiles {
  readonly #setup: AlternateFilesSetup;

  constructor(setup: AlternateFilesSetup) {
    this.#setup = setup;
  }

  /** The best match for an entry; for one that is there only a perfect one counts. */
  find(entry: FileEntry, found: FileStat | undefined): AlternateMatch | undefined {
    const { alternates, placement } = this.#setup;
    if (alternates.count === 0 || (found !== undefined && alternates.kind === 'copy')) {
      return undefined;
    }
    const atLeast = found === undefined ? AlternateLevel.SAME_TYPE : AlternateLevel.SAME_ALL;
    return alternates.find(entry, placement.nameOf(entry), atLeast);
  }

  /** Make do with a match that has the content. Returns false when it cannot be used after all. */
  async settle(
    wanted: Wanted,
    path: string,
    found: FileStat | undefined,
    match: AlternateMatch,
    group: LinkGroup | undefined,
  ): Promise<boolean> {
    const { session, alternates, links, items, signatures } = this.#setup;
    const { ndx, entry } = wanted;
    if (match.level < AlternateLevel.SAME_CONTENT) return false;
    const perfect = match.level === AlternateLevel.SAME_ALL;
    if (perfect && alternates.kind === 'compare') {
      signatures.cancel(ndx);
      if (found !== undefined) this.#remove(path);
      items.reportMatch(ndx, entry, 0);
      reportSuccess(session, ndx, path);
      if (group !== undefined) await links.elsewhere(wanted, group);
      return true;
    }
    if (perfect && alternates.kind === 'link') {
      if (found?.ino === match.stat.ino && found.dev === match.stat.dev) return false;
      if (this.#link(path, found, match)) {
        if (group !== undefined && session.options.dryRun) group.imagined = match.stat;
        this.#done(wanted, path, group);
        items.reportMatch(ndx, entry, ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS, '');
        return true;
      }
      if (found !== undefined) return false;
    }
    return this.#copy(wanted, path, match, group);
  }

  async #copy(
    wanted: Wanted,
    path: string,
    match: AlternateMatch,
    group: LinkGroup | undefined,
  ): Promise<boolean> {
    const { session, attributes, copier, items } = this.#setup;
    const { ndx, entry } = wanted;
    if (!session.options.dryRun && !(await copier.copy(entry, match.path, path))) return false;
    const { LOCAL_CHANGE } = ItemFlag;
    const iflags =
      LOCAL_CHANGE | attributes.differences(entry, match.path, match.stat, LOCAL_CHANGE);
    if (match.level === AlternateLevel.SAME_ALL) items.reportMatch(ndx, entry, iflags);
    else items.report(ndx, entry, iflags);
    this.#done(wanted, path, group);
    return true;
  }

  /** As rsync does: the destination holds only what the other directories do not. */
  #remove(path: string): void {
    const { session } = this.#setup;
    if (session.options.dryRun) return;
    try {
      removeFile(path);
    } catch (error) {
      session.systemError('generator', `delete_file: unlink(${session.showPath(path)})`, error);
    }
  }

  #link(path: string, found: FileStat | undefined, match: AlternateMatch): boolean {
    if (this.#setup.session.options.dryRun) return true;
    try {
      createHardLink(match.path, path, { replace: found !== undefined });
      return true;
    } catch {
      return false; // on another file system, or linked too often: it is copied
    }
  }

  #done(wanted: Wanted, path: string, group: LinkGroup | undefined): void {
    const { session, links, signatures } = this.#setup;
    signatures.cancel(wanted.ndx);
    reportSuccess(session, wanted.ndx, path);
    if (group !== undefined) links.inPlace(group, wanted);
  }
}
