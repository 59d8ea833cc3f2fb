import { type FileStat, lstat } from '@deltawire/filesystem';
import {
  BasisType,
  type FileEntry,
  ItemFlag,
  writeBlockSums,
  writeItemHeader,
  writeSumHead,
} from '@deltawire/protocol';
import type { BlockLayout, Signature } from '@deltawire/signature';
import type { SignatureCache, SignedBasis, UnsignedBasis } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Backups } from './backups.ts';
import type { DelayedUpdates } from './delayed-updates.ts';
import type { ItemReporter } from './items.ts';
import type { PartialFiles } from './partial-files.ts';
import type { Answer, Basis, ReceivingState, Request, Wanted } from './state.ts';
import { reportSuccess } from './success.ts';

/** Requests whose basis file is kept open: bounds descriptors, far above any useful window. */
const MAX_OPEN_BASES = 256;
/** What a request says when there is nothing to build on (docs/spec/data.md §6.4). */
const NO_BASIS: BlockLayout = {
  fileLength: 0,
  blockLength: 0,
  blockCount: 0,
  remainderLength: 0,
  strongLength: 0,
};
/** Block sums written between two looks at the backpressure. */
const SUMS_PER_STEP = 4096;

/** What requests are made with. */
export interface RequestsSetup {
  readonly session: Session;
  readonly state: ReceivingState;
  readonly attributes: AttributePolicy;
  readonly signatures: SignatureCache;
  readonly backups: Backups | undefined;
  readonly partials: PartialFiles | undefined;
  readonly delayed: DelayedUpdates | undefined;
  readonly items: ItemReporter;
  readonly wholeFile: boolean;
  /** A request has come to its end: the file is in place, or is given up. */
  readonly onSettled: (wanted: Wanted, done: boolean) => Promise<void>;
}

/** Asks the sender for the contents of files, and takes its answers (docs/spec/session.md §9). */
export class Requests {
  readonly #session: Session;
  readonly #state: ReceivingState;
  readonly #attributes: AttributePolicy;
  readonly #signatures: SignatureCache;
  readonly #backups: Backups | undefined;
  readonly #partials: PartialFiles | undefined;
  /** A file that is done waits for its name. */
  readonly #delays: boolean;
  readonly #items: ItemReporter;
  readonly #wholeFile: boolean;
  readonly #onSettled: RequestsSetup['onSettled'];
  #openBases = 0;

  constructor(setup: RequestsSetup) {
    this.#session = setup.session;
    this.#state = setup.state;
    this.#attributes = setup.attributes;
    this.#signatures = setup.signatures;
    this.#backups = setup.backups;
    this.#partials = setup.partials;
    this.#delays = setup.delayed !== undefined;
    this.#items = setup.items;
    this.#wholeFile = setup.wholeFile;
    this.#onSettled = setup.onSettled;
  }

  /**
   * Ask for a file; `found` is what it replaces, and what it is built on unless there is an `other`
   * basis. A dry run only reports it, and resolves to false: no answer will come.
   */
  async ask(
    wanted: Wanted,
    path: string,
    found: FileStat | undefined,
    other?: Basis,
  ): Promise<boolean> {
    const { state, ndx, entry } = wanted;
    const { dryRun, onlyWriteBatch } = this.#session.options;
    if (dryRun && !onlyWriteBatch && !this.#session.replays) {
      this.#signatures.cancel(ndx);
      this.#items.report(ndx, entry, this.#itemFlags(entry, comparedWith(other, path, found)));
      this.#session.stats.requested++;
      return false;
    }
    state.pending++;
    let existing = found;
    let chosen = this.#wholeFile ? other : (this.#partials?.find(entry) ?? other);
    if (found !== undefined && chosen === undefined && this.#copies) {
      chosen = this.#copyFirst(entry, found);
      if (chosen === undefined) {
        await this.#settle({ request: this.#refused(wanted, path, found), outcome: 'failed' });
        return true;
      }
    }
    const { path: basisPath, stat: basisStat } = chosen ?? { path, stat: found };
    let signed: SignedBasis | UnsignedBasis | undefined;
    const append = this.#session.options.append > 0 && found !== undefined && found.size > 0;
    const needsSums = !this.#wholeFile && !this.#session.replays;
    if (basisStat !== undefined && needsSums && basisStat.size > 0) {
      try {
        signed = append
          ? this.#signatures.unsigned(basisPath)
          : await this.#signatures.take(ndx, basisPath, basisStat);
      } catch (error) {
        // It is replaced like one that is not there.
        this.#cannotOpen(basisPath, error);
        if (chosen === undefined) existing = undefined;
        else if (isElsewhere(chosen.type)) chosen = undefined;
      }
    }
    const named = signed !== undefined || (chosen !== undefined && isElsewhere(chosen.type));
    const { type: basisType = BasisType.FILE, xname } = (named ? chosen : undefined) ?? {};
    const compared = comparedWith(chosen, path, existing);
    let iflags = this.#itemFlags(entry, compared);
    if (basisType !== BasisType.FILE) iflags |= ItemFlag.BASIS_TYPE_FOLLOWS;
    if (xname !== undefined) iflags |= ItemFlag.XNAME_FOLLOWS;
    const { layout = NO_BASIS, basis } = signed ?? {};
    const about = {
      path,
      basisPath,
      existing: compared.stat ?? found,
      iflags,
      basisType,
      xname,
      basis,
      layout,
    };
    const comparedPath = compared.path;
    const how = { comparedPath, append: append && basis !== undefined, redo: false };
    await this.#send({ ...wanted, ...about, ...how }, signed);
    return true;
  }

  /** A file is what it should be: what an earlier run left of it is of no use any more. */
  forgetPartial(entry: FileEntry): void {
    if (!this.#session.options.dryRun) this.#partials?.discard(entry);
  }

  /** Take all answers that are there. */
  async takeAnswers(): Promise<void> {
    for (;;) {
      const answer = this.#state.answers.shift();
      if (answer === undefined) return;
      await this.#settle(answer);
    }
  }

  /** Below protocol 30 a file that cannot be sent is known only by the missing answer. */
  failUnanswered(): void {
    for (const request of this.#state.requests.values()) {
      if (request.redo) continue;
      this.#state.requests.delete(request.ndx);
      this.#state.answers.push({ request, outcome: 'failed' });
    }
  }

  /** Whether a file that is changed in place is kept first. */
  get #copies(): boolean {
    const { inplace, dryRun } = this.#session.options;
    return inplace && !dryRun && this.#backups !== undefined;
  }

  /** The old content is copied away, and is what the new one is built on. */
  #copyFirst(entry: FileEntry, found: FileStat): Basis | undefined {
    const path = this.#backups?.copy(entry, found);
    const copied = path === undefined ? undefined : lstat(path);
    if (path === undefined || copied === undefined) return undefined;
    return { path, stat: copied, type: BasisType.BACKUP };
  }

  /** A request that is not made. */
  #refused(wanted: Wanted, path: string, existing: FileStat): Request {
    const nothing = { iflags: 0, basisType: BasisType.FILE, xname: undefined, basis: undefined };
    const about = { path, basisPath: path, existing, layout: NO_BASIS, append: false, redo: false };
    return { ...wanted, ...about, ...nothing, comparedPath: path };
  }

  #itemFlags(entry: FileEntry, { path, stat }: Compared): number {
    const { options, stats } = this.#session;
    if (stat === undefined) {
      countKind(stats.created, entry.mode);
      return ItemFlag.TRANSFER | this.#attributes.flagsOfNew(entry);
    }
    const iflags = ItemFlag.TRANSFER | (options.checksum ? ItemFlag.REPORT_CHANGE : 0);
    return iflags | this.#attributes.differences(entry, path, stat, iflags);
  }

  #cannotOpen(path: string, error: unknown): void {
    const shown = this.#session.showPath(path);
    this.#session.systemWarning('generator', `failed to open ${shown}, continuing`, error);
  }

  async #settle({ request, outcome }: Answer): Promise<void> {
    if (request.basis !== undefined) {
      request.basis.release();
      this.#openBases--;
    }
    if (outcome === 'redo') {
      await this.#askAgain(request);
      return;
    }
    if (outcome === 'done' && this.#delays) return;
    await this.placed(request, outcome === 'done');
  }

  /** The file has its name, or is given up. */
  async placed(request: Request, done: boolean): Promise<void> {
    request.state.pending--;
    if (done) reportSuccess(this.#session, request.ndx, request.path);
    await this.#onSettled(request, done);
  }

  /** Ask with full-length sums for a file whose content did not verify. */
  async #askAgain(failed: Request): Promise<void> {
    const existing = lstat(failed.path);
    const again = this.#keptBasis(failed) ?? sameBasisAgain(failed);
    const { path } = again;
    let signed: SignedBasis | undefined;
    const found = again.basisType === BasisType.FILE ? existing : lstat(path);
    const needsSums = !this.#wholeFile && !this.#session.replays;
    if (found?.type === 'file' && needsSums && found.size > 0) {
      try {
        signed = this.#signatures.takeFull(failed.ndx, path);
      } catch (error) {
        this.#cannotOpen(path, error);
      }
    }
    const { layout = NO_BASIS, basis } = signed ?? {};
    const { basisType, xname } = again;
    const iflags = this.#flagsAgain(failed, existing, again.iflags);
    const about = { basisPath: path, iflags, basisType, xname, existing, basis, layout };
    const request = { ...failed, ...about, append: false, redo: true };
    await this.#send(request, signed);
  }

  /** What was changed in place differs in other ways now. */
  #flagsAgain(
    { entry, append, path }: Request,
    stat: FileStat | undefined,
    iflags: number,
  ): number {
    if (!append || stat === undefined) return iflags;
    const kept = iflags & (ItemFlag.BASIS_TYPE_FOLLOWS | ItemFlag.XNAME_FOLLOWS);
    return kept | this.#itemFlags(entry, { path, stat });
  }

  /** What the first attempt has left in the partial directory. */
  #keptBasis({ entry, iflags }: Request): ReturnType<typeof sameBasisAgain> | undefined {
    const kept = this.#partials?.find(entry);
    if (kept === undefined || this.#wholeFile) return undefined;
    const flags = (iflags & ~ItemFlag.XNAME_FOLLOWS) | ItemFlag.BASIS_TYPE_FOLLOWS;
    return { path: kept.path, iflags: flags, basisType: kept.type, xname: undefined };
  }

  async #send(request: Request, signed: SignedBasis | UnsignedBasis | undefined): Promise<void> {
    this.#ask(request);
    if (signed?.signature !== undefined) await this.#sendSums(request, signed.signature);
    if (this.#openBases >= MAX_OPEN_BASES) await this.#boundOpenBases();
  }

  #ask(request: Request): void {
    const { wire, ndxOut, agreement, stats } = this.#session;
    const { layout, ndx, iflags, basisType, xname } = request;
    if (request.basis !== undefined) this.#openBases++;
    this.#state.requests.set(ndx, request);
    stats.requested++;
    ndxOut.write(wire.out, ndx);
    writeItemHeader(wire.out, agreement.dialect, { iflags, basisType, xname });
    this.#attributes.xattrs?.writeRequest(request.entry, iflags);
    writeSumHead(wire.out, layout);
    wire.send();
  }

  async #sendSums({ layout }: Request, { weak, strong }: Signature): Promise<void> {
    const { wire } = this.#session;
    for (let from = 0; from < layout.blockCount; from += SUMS_PER_STEP) {
      const to = Math.min(from + SUMS_PER_STEP, layout.blockCount);
      writeBlockSums(wire.out, weak, strong, layout.strongLength, from, to);
      wire.send();
      if (wire.congested) await wire.drained();
    }
  }

  async #boundOpenBases(): Promise<void> {
    const { answers, bell } = this.#state;
    while (this.#openBases >= MAX_OPEN_BASES) {
      this.#session.wire.flush();
      if (answers.length === 0) await bell.wait();
      // Redo requests would nest; they keep their place until the caller's own turn comes.
      const next = answers.findIndex((answer) => answer.outcome !== 'redo');
      if (next >= 0) await this.#settle(answers.splice(next, 1)[0]!);
      else if (answers.length >= MAX_OPEN_BASES / 2) break;
    }
  }
}

/** Whether a basis lies in an alternate directory, or is a file of another name. */
const isElsewhere = (type: number): boolean => type < BasisType.FILE || type >= BasisType.FUZZY;

/** What an item is compared with, if there is anything. */
interface Compared {
  readonly path: string;
  readonly stat: FileStat | undefined;
}

/** The file of an alternate directory where that is the basis. */
function comparedWith(
  basis: Basis | undefined,
  path: string,
  stat: FileStat | undefined,
): Compared {
  return basis !== undefined && basis.type < BasisType.FILE ? basis : { path, stat };
}

/** What a second attempt is built on. */
function sameBasisAgain({ path, iflags, basisType, xname, basis }: Request): {
  path: string;
  iflags: number;
  basisType: number;
  xname: string | undefined;
} {
  if (basis !== undefined && isElsewhere(basisType)) {
    return { path: basis.path, iflags, basisType, xname };
  }
  return {
    path,
    iflags: iflags & ~(ItemFlag.BASIS_TYPE_FOLLOWS | ItemFlag.XNAME_FOLLOWS),
    basisType: BasisType.FILE,
    xname: undefined,
  };
}
