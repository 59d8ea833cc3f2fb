import type { FileStat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import type { Alternates } from './alternates.ts';
import type { Deleter } from './delete.ts';
import type { FileDecider } from './files.ts';
import type { LinkGroup } from './hard-links.ts';
import { isRegular } from './kinds.ts';
import type { HardLinker } from './linking.ts';
import type { Lookahead } from './lookahead.ts';
import type { NodeMaker } from './nodes.ts';
import type { Placement } from './placement.ts';
import type { Wanted } from './state.ts';

/** What entries are handled with. */
export interface EntriesSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly lookahead: Lookahead;
  readonly signatures: SignatureCache;
  readonly alternates: Alternates;
  readonly deleter: Deleter;
  readonly links: HardLinker;
  readonly files: FileDecider;
  readonly nodes: NodeMaker;
}

/** Entries that are no directories: whether they are wanted, and who makes them (docs/spec/data.md §8.2). */
export class EntryHandler {
  readonly #session: Session;
  readonly #placement: Placement;
  readonly #lookahead: Lookahead;
  readonly #signatures: SignatureCache;
  readonly #alternates: Alternates;
  readonly #deleter: Deleter;
  readonly #links: HardLinker;
  readonly #files: FileDecider;
  readonly #nodes: NodeMaker;

  constructor(setup: EntriesSetup) {
    this.#session = setup.session;
    this.#placement = setup.placement;
    this.#lookahead = setup.lookahead;
    this.#signatures = setup.signatures;
    this.#alternates = setup.alternates;
    this.#deleter = setup.deleter;
    this.#links = setup.links;
    this.#files = setup.files;
    this.#nodes = setup.nodes;
  }

  /**
   * Look at the entry at `position` of the list in hand, and do what it needs. Most entries need nothing,
   * and no promise either.
   */
  consider(wanted: Wanted, position: number): Promise<void> | undefined {
    const group = this.#links.visit(wanted.entry);
    const handled = this.#handle(wanted, position, group);
    return handled === true ? undefined : this.#finish(wanted, group, handled);
  }

  async #finish(
    wanted: Wanted,
    group: LinkGroup | undefined,
    handled: false | Promise<boolean>,
  ): Promise<void> {
    if (await handled) return;
    this.#signatures.cancel(wanted.ndx);
    if (group !== undefined) await this.#links.passOn(group);
  }

  /** Gives false when the entry was left out. */
  #handle(
    wanted: Wanted,
    position: number,
    group: LinkGroup | undefined,
  ): boolean | Promise<boolean> {
    const { entry, ndx } = wanted;
    const placement = this.#placement;
    if (placement.leftOut.contains(entry.name) || placement.refuses(entry)) return false;
    const path = placement.uncheckedPathFor(entry);
    let found: FileStat | undefined;
    try {
      if (!placement.isImaginary(entry)) found = this.#look(entry, position);
    } catch (error) {
      // Making anything else fails for the same reason.
      if (isRegular(entry.mode)) {
        const what = `recv_generator: failed to stat ${this.#session.showPath(path)}`;
        this.#session.systemError('generator', what, error);
        return false;
      }
    }
    if (entry.mode === 0 && this.#session.options.missingArgs === 2) {
      // `--delete-missing-args`: the source does not have it any more.
      if (found !== undefined) this.#deleter.removeMissing(placement.nameOf(entry), found);
      return false;
    }
    if (this.#isUnwanted(entry, found)) return false;
    if (group?.finished !== undefined) {
      const alternate = found === undefined ? this.#comparable(entry, group) : undefined;
      this.#links.link(ndx, entry, path, found, group, alternate);
      return true;
    }
    if (isRegular(entry.mode)) return this.#files.handle(wanted, path, found, group);
    const outcome = this.#nodes.handle(ndx, entry, path, found);
    if (outcome === 'left-out') return false;
    if (group === undefined) return true;
    if (outcome !== 'made') return this.#links.elsewhere(wanted, group).then(() => true);
    this.#links.inPlace(group, wanted);
    return true;
  }

  /** What a missing link is compared with, if an alternate directory has it. */
  #comparable(entry: FileEntry, group: LinkGroup): { path: string; stat: FileStat } | undefined {
    if (this.#alternates.count === 0) return undefined;
    const name = this.#placement.nameOf(entry);
    return this.#alternates.findForLink(entry, name, this.#links.leaderOf(group));
  }

  /** What is there. Throws when that cannot be known. */
  #look(entry: FileEntry, position: number): FileStat | undefined {
    const path = this.#placement.pathFor(entry);
    let found = this.#lookahead.statOf(position, path);
    const { fake } = this.#session;
    if (fake !== undefined && found !== undefined) found = fake.see(path, found);
    if (found !== undefined || !this.#session.options.ignoreExisting) return found;
    if (this.#placement.hasDirectory(entry)) return undefined;
    throw Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR', errno: -20 });
  }

  #isUnwanted(entry: FileEntry, found: FileStat | undefined): boolean {
    const { existing, ignoreExisting } = this.#session.options;
    const talks = this.#session.info('skip') > 0;
    if (existing && found === undefined) {
      if (talks) this.#session.say(`not creating new file "${entry.name}"\n`);
      return true;
    }
    if (ignoreExisting && found !== undefined) {
      if (talks) this.#session.say(`${entry.name} exists\n`);
      return true;
    }
    return false;
  }
}
