import { deviceAsFile, type FileStat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import type { AlternateFiles } from './alternate-files.ts';
import type { AlternateMatch } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Deleter } from './delete.ts';
import type { LinkGroup } from './hard-links.ts';
import type { ItemReporter } from './items.ts';
import type { HardLinker } from './linking.ts';
import type { Placement } from './placement.ts';
import type { QuickCheck } from './quick-check.ts';
import type { Requests } from './requests.ts';
import type { SimilarFiles } from './similar-files.ts';
import type { Basis, Wanted } from './state.ts';
import { reportSuccess } from './success.ts';

/** What files are decided with. */
export interface FilesSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly deleter: Deleter;
  readonly items: ItemReporter;
  readonly links: HardLinker;
  readonly requests: Requests;
  readonly signatures: SignatureCache;
  readonly check: QuickCheck;
  readonly alternates: AlternateFiles;
  readonly similar: SimilarFiles;
}

/** Decides which regular files are asked for (docs/spec/data.md §8.2, §8.3). */
export class FileDecider {
  readonly #session: Session;
  readonly #placement: Placement;
  readonly #attributes: AttributePolicy;
  readonly #deleter: Deleter;
  readonly #items: ItemReporter;
  readonly #links: HardLinker;
  readonly #requests: Requests;
  readonly #signatures: SignatureCache;
  readonly #check: QuickCheck;
  readonly #alternates: AlternateFiles;
  readonly #similar: SimilarFiles;

  constructor(setup: FilesSetup) {
    this.#session = setup.session;
    this.#placement = setup.placement;
    this.#attributes = setup.attributes;
    this.#deleter = setup.deleter;
    this.#items = setup.items;
    this.#links = setup.links;
    this.#requests = setup.requests;
    this.#signatures = setup.signatures;
    this.#check = setup.check;
    this.#alternates = setup.alternates;
    this.#similar = setup.similar;
  }

  /** Ask for the file unless it is up to date, which is known at once. Gives false when it was left out. */
  handle(
    wanted: Wanted,
    path: string,
    present: FileStat | undefined,
    group: LinkGroup | undefined,
  ): boolean | Promise<boolean> {
    const { entry } = wanted;
    if (group?.inFlight !== undefined) {
      // Whatever is here becomes a link to what is on its way.
      this.#links.waits(wanted, group, present);
      return true;
    }
    if (this.#isLeftOut(entry, present)) return false;
    const { writeDevices } = this.#session.options;
    let found = present !== undefined && writeDevices ? deviceAsFile(present) : present;
    if (found !== undefined && found.type !== 'file') {
      if (!this.#makeWay(entry, found)) return false;
      found = undefined;
    }
    const match = this.#alternates.find(entry, found);
    if (match !== undefined) return this.#fromElsewhere(wanted, path, found, match, group);
    return this.#here(wanted, path, found, group);
  }

  /** An alternate directory has a match. */
  async #fromElsewhere(
    wanted: Wanted,
    path: string,
    found: FileStat | undefined,
    match: AlternateMatch,
    group: LinkGroup | undefined,
  ): Promise<boolean> {
    if (await this.#alternates.settle(wanted, path, found, match, group)) return true;
    return this.#here(wanted, path, found, group, match);
  }

  #here(
    wanted: Wanted,
    path: string,
    found: FileStat | undefined,
    group: LinkGroup | undefined,
    match?: AlternateMatch,
  ): boolean | Promise<boolean> {
    const { entry } = wanted;
    if (found !== undefined && this.#check.matches(entry, path, found)) {
      this.#upToDate(wanted, path, found);
      if (group !== undefined) this.#links.inPlace(group, wanted);
      return true;
    }
    if (this.#session.options.append > 0 && found !== undefined && found.size >= entry.size) {
      return false;
    }
    return this.#ask(wanted, path, found, group, this.#basisFor(wanted, found, match));
  }

  #upToDate({ ndx, entry }: Wanted, path: string, found: FileStat): void {
    this.#signatures.cancel(ndx);
    this.#requests.forgetPartial(entry);
    this.#items.report(ndx, entry, this.#attributes.differences(entry, path, found, 0));
    if (!this.#session.options.dryRun) {
      this.#attributes.apply(entry, path, this.#attributes.wanted(entry, found, true), found);
    }
    reportSuccess(this.#session, ndx, path);
  }

  async #ask(
    wanted: Wanted,
    path: string,
    found: FileStat | undefined,
    group: LinkGroup | undefined,
    basis: Basis | undefined,
  ): Promise<boolean> {
    if (group === undefined) {
      await this.#requests.ask(wanted, path, found, basis);
    } else if (!this.#links.waits(wanted, group, found ?? basis?.stat)) {
      this.#links.asked(wanted, group);
      const asked = await this.#requests.ask(wanted, path, found, basis);
      if (!asked) this.#links.inPlace(group, wanted);
    }
    return true;
  }

  /** What a missing file is built on; one that is there is built on itself. */
  #basisFor(
    { ndx, entry }: Wanted,
    found: FileStat | undefined,
    match: AlternateMatch | undefined,
  ): Basis | undefined {
    if (found !== undefined) {
      this.#similar.replaces(entry);
      return undefined;
    }
    // An appending sender takes what it is told of as the start of the file itself.
    if (this.#session.options.append > 0) return undefined;
    if (match === undefined) return this.#similar.find(ndx, entry);
    return { path: match.path, stat: match.stat, type: match.index };
  }

  #isLeftOut(entry: FileEntry, found: FileStat | undefined): boolean {
    const { maxSize, minSize, update, modifyWindow } = this.#session.options;
    if (maxSize >= 0 && entry.size > maxSize) return this.#leaveOut(entry, 'is over max-size');
    if (minSize >= 0 && entry.size < minSize) return this.#leaveOut(entry, 'is under min-size');
    if (!update || found?.type !== 'file') return false;
    const newer = found.mtime - entry.mtime > Math.max(0, modifyWindow);
    return newer && this.#leaveOut(entry, 'is newer');
  }

  #leaveOut(entry: FileEntry, why: string): true {
    if (this.#session.info('skip') > 0) this.#session.say(`${entry.name} ${why}\n`);
    return true;
  }

  /** A directory has to go first; anything else is replaced by the final rename, if there is one. */
  #makeWay(entry: FileEntry, found: FileStat): boolean {
    if (found.type !== 'directory' && !this.#session.options.inplace) return true;
    return this.#deleter.makeWay(this.#placement.nameOf(entry), found, 'regular file');
  }
}
