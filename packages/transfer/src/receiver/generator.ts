import { type FileEntry, NDX_DONE } from '@deltawire/protocol';
import { Breather } from '../breather.ts';
import type { IsHidden } from '../module-rules.ts';
import { type DeleteMode, deletes, type TransferOptions } from '../options.ts';
import type { SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import { AlternateFiles } from './alternate-files.ts';
import type { Alternates } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Backups } from './backups.ts';
import type { DelayedUpdates } from './delayed-updates.ts';
import { type Deleter, isContentDirectory, namesOf } from './delete.ts';
import type { Destination } from './destination.ts';
import { DirectoryMaker } from './directories.ts';
import { EntryHandler } from './entries.ts';
import { FileDecider } from './files.ts';
import { ItemReporter } from './items.ts';
import { isDirectory } from './kinds.ts';
import { HardLinker } from './linking.ts';
import type { LocalCopier } from './local-copy.ts';
import { Lookahead } from './lookahead.ts';
import { NodeMaker } from './nodes.ts';
import type { PartialFiles } from './partial-files.ts';
import { Placement } from './placement.ts';
import type { QuickCheck } from './quick-check.ts';
import { Requests } from './requests.ts';
import { SimilarFiles } from './similar-files.ts';
import type { ListState, ReceivingState } from './state.ts';

/** When to delete, where the command line did not say (docs/spec/session.md §5.1). */
function deleteTime(options: TransferOptions, protocol: number): DeleteMode {
  if (!deletes(options)) return 'none';
  if (options.deleteMode !== 'default' && options.deleteMode !== 'none') return options.deleteMode;
  return protocol < 30 ? 'before' : 'during';
}

/** What the generator works with. */
export interface GeneratorSetup {
  readonly session: Session;
  readonly state: ReceivingState;
  readonly destination: Destination;
  readonly attributes: AttributePolicy;
  readonly deleter: Deleter;
  readonly signatures: SignatureCache;
  readonly backups: Backups | undefined;
  readonly partials: PartialFiles | undefined;
  readonly delayed: DelayedUpdates | undefined;
  readonly check: QuickCheck;
  readonly alternates: Alternates;
  readonly copier: LocalCopier;
  /** A daemon's own rules: what they hide is refused. */
  readonly isHidden: IsHidden | undefined;
}

/**
 * The generator: looks at every entry of every list in order, makes what needs no data, asks the
 * sender for what does, and owns everything this side writes (docs/spec/data.md §8).
 */
export class Generator {
  readonly #session: Session;
  readonly #state: ReceivingState;
  readonly #deleter: Deleter;
  readonly #placement: Placement;
  readonly #directories: DirectoryMaker;
  readonly #entries: EntryHandler;
  readonly #links: HardLinker;
  readonly #requests: Requests;
  readonly #lookahead: Lookahead;
  readonly #delayed: DelayedUpdates | undefined;
  readonly #breather: Breather = new Breather();
  readonly #wholeFile: boolean;
  readonly #deleteMode: DeleteMode;
  /** The list in hand. As in rsync, its DONE comes when the next one has been looked at too. */
  #current: ListState | undefined;

  constructor(setup: GeneratorSetup) {
    const { session, state, destination, attributes, deleter, signatures, backups } = setup;
    const { check, alternates, copier } = setup;
    const { options, agreement, local } = session;
    this.#session = session;
    this.#state = state;
    this.#deleter = deleter;
    this.#delayed = setup.delayed;
    this.#wholeFile =
      agreement.checksum.name === 'none' || (options.wholeFile ?? (local && options.append === 0));
    this.#deleteMode = deleteTime(options, agreement.dialect.protocol);
    // A copy is what changes in place are based on, not the file itself.
    const enabled = !this.#wholeFile && !(options.inplace && backups !== undefined);
    const { isHidden } = setup;
    const placement = new Placement(session, destination, isHidden);
    const similar = new SimilarFiles({ options, placement, attributes, alternates, isHidden });
    this.#lookahead = new Lookahead({
      session,
      destination,
      attributes,
      signatures,
      alternates,
      similar,
      enabled,
    });
    const items = new ItemReporter(session, attributes.xattrs);
    const makers = { session, placement, attributes, deleter, backups, items, check, alternates };
    const onChange = (): void => this.#lookahead.invalidate();
    this.#placement = placement;
    this.#directories = new DirectoryMaker({ ...makers, onChange });
    this.#requests = new Requests({
      session,
      state,
      attributes,
      signatures,
      backups,
      partials: setup.partials,
      delayed: setup.delayed,
      items,
      wholeFile: this.#wholeFile,
      onSettled: (wanted, done) => this.#links.settled(wanted, done),
    });
    this.#links = new HardLinker({
      ...makers,
      ask: (wanted, path, found) => this.#requests.ask(wanted, path, found),
      onLinked: (ndx) => signatures.cancel(ndx),
    });
    const { requests, links } = { requests: this.#requests, links: this.#links };
    const shared = { ...makers, links, signatures };
    const alternateFiles = new AlternateFiles({ ...shared, copier });
    const files = new FileDecider({ ...shared, requests, alternates: alternateFiles, similar });
    const nodes = new NodeMaker(makers);
    const lookahead = this.#lookahead;
    this.#entries = new EntryHandler({ ...shared, lookahead, files, nodes });
  }

  /** A list has arrived: its hard-link groups are known from now on. */
  listArrived(state: ListState): void {
    this.#links.addList(state);
  }

  /** Work through all lists and phases; resolves when the last DONE has been written. */
  async run(): Promise<void> {
    const { dialect } = this.#session.agreement;
    this.#sayHow();
    if (this.#deleteMode === 'before') await this.#purgeAll();
    await this.#allLists();
    if (!dialect.incRecurse) await this.#endOfItems();
    this.#done(); // the end of redo
    if (this.#delayed !== undefined) await this.#placeDelayed(this.#delayed);
    if (dialect.itemFlags) this.#done(); // the end of delayed updates
    await this.#lastAnswers();
    if (this.#deletesLate) {
      while (!this.#state.itemsEnded) await this.#state.bell.wait();
      if (this.#deleteMode === 'delay') this.#deleter.removeDelayed();
      else await this.#purgeAll();
    }
    this.#directories.finish();
    this.#deleter.report();
    await this.#goodbye();
  }

  /**
   * The last words. A server whose system holds a small write back until the one before was acknowledged
   * (Nagle) says its own one by one: to a near one each of ours is an answer, which acknowledges at once
   * what the kernel would acknowledge 40 ms later.
   */
  async #goodbye(): Promise<void> {
    const { agreement, nearby, wire } = this.#session;
    const { extraGoodbye } = agreement.dialect;
    const shared = this.#state;
    const answers = nearby && extraGoodbye;
    if (extraGoodbye) {
      while (answers && !shared.itemsEnded) await shared.bell.wait();
      this.#deleteStats();
      this.#done();
    }
    while (answers ? !shared.statsRead : !shared.goodbyeRead) await shared.bell.wait();
    this.#done();
    wire.flush();
    while (!shared.goodbyeRead) await shared.bell.wait();
    this.#session.leaving = true;
  }

  #sayHow(): void {
    const { verbose, listOnly } = this.#session.options;
    if (verbose < 2 || listOnly) return;
    const why = 'disabled for local transfer or --whole-file';
    this.#session.say(`delta-transmission ${this.#wholeFile ? why : 'enabled'}\n`);
  }

  // ------------------------------------------------------------------------------- phases

  /** Every item of every list, and with incremental recursion all answers as well. */
  async #allLists(): Promise<void> {
    for (let next = 0; ; next++) {
      const state = await this.#listNumber(next);
      if (state === undefined) break;
      this.#current = state;
      await this.#processList(state);
      state.considered = true;
      this.#note();
      this.#retireLists();
    }
    this.#current = undefined;
    if (!this.#session.agreement.dialect.incRecurse) return;
    this.#retireLists();
    while (this.#state.retired < this.#state.lists.length) await this.#waitForAnswers();
  }

  /** The first phase ends, and the answers to everything that was asked for are taken. */
  async #endOfItems(): Promise<void> {
    const { requests, answers } = this.#state;
    this.#done();
    while (this.#state.phaseEchoes < 1) await this.#waitForAnswers();
    this.#requests.failUnanswered();
    while (answers.length > 0 || this.#awaits(requests)) await this.#waitForAnswers();
  }

  /**
   * Whether answers decide what is still to be written. A second attempt is the last one: as in rsync the
   * phase ends without waiting for it, unless hard links or the source's files depend on it.
   */
  #awaits(requests: ReceivingState['requests']): boolean {
    const { hardLinks, removeSourceFiles } = this.#session.options;
    if (hardLinks || removeSourceFiles) return requests.size > 0;
    for (const request of requests.values()) if (!request.redo) return true;
    return false;
  }

  /** Nothing changes in the directories any more. */
  async #lastAnswers(): Promise<void> {
    const { requests, answers } = this.#state;
    while (requests.size > 0 && !this.#state.itemsEnded) await this.#waitForAnswers();
    if (answers.length > 0) await this.#requests.takeAnswers();
  }

  async #listNumber(n: number): Promise<ListState | undefined> {
    const shared = this.#state;
    for (;;) {
      const state = shared.lists[n - (shared.listsAdded - shared.lists.length)];
      if (state !== undefined) return state;
      if (shared.complete) return undefined;
      await this.#waitForAnswers();
    }
  }

  /** Everything has arrived, also what was asked for twice. */
  async #placeDelayed(delayed: DelayedUpdates): Promise<void> {
    while (this.#state.phaseEchoes < 2) await this.#waitForAnswers();
    await this.#lastAnswers();
    await delayed.finish((request, done) => this.#requests.placed(request, done));
  }

  /** A receiver that reads a batch waits for what the generator has done. */
  #note(): void {
    if (this.#session.replays) this.#state.bell.ring();
  }

  #done(): void {
    const { ndxOut, wire } = this.#session;
    this.#state.donesWritten++;
    this.#note();
    ndxOut.write(wire.out, NDX_DONE);
    wire.send();
  }

  /** Tell the sender about lists that are finished, oldest first. */
  #retireLists(): void {
    if (!this.#session.agreement.dialect.incRecurse) return;
    const shared = this.#state;
    for (;;) {
      const state = shared.lists[shared.retired];
      const followed = shared.retired + 1 < shared.lists.length || shared.complete;
      if (state === undefined || !state.considered || state.pending > 0 || !followed) return;
      if (state === this.#current) return;
      if (!this.#deletesLate && this.#directories.unfinished) {
        const owner = this.#ownerOf(state);
        if (owner !== undefined) this.#directories.finish(owner);
      }
      state.retired = true;
      shared.retired++;
      this.#done();
    }
  }

  /** The directory that an incremental list is the contents of. */
  #ownerOf({ list }: ListState): FileEntry | undefined {
    return this.#state.store.byNdx(list.start - 1)?.entry;
  }

  async #waitForAnswers(): Promise<void> {
    if (this.#state.answers.length === 0) {
      this.#session.wire.send();
      await this.#state.bell.wait();
    }
    await this.#requests.takeAnswers();
    this.#retireLists();
    this.#note();
  }

  // ----------------------------------------------------------------------------- deletion

  get #deletesLate(): boolean {
    return this.#deleteMode === 'delay' || this.#deleteMode === 'after';
  }

  #deleteStats(): void {
    const session = this.#session;
    if (!deletes(session.options) && !session.options.force) return;
    session.writeDeleteStats();
  }

  async #purgeAll(): Promise<void> {
    const { verbose } = this.#session.options;
    for (const { list } of this.#state.lists) {
      const listed = namesOf(list);
      for (let i = 0; i < list.length; i++) {
        const entry = list.entries[i]!;
        if (list.isDropped(i) || !isContentDirectory(entry)) continue;
        if (entry.topDir && verbose > 1) this.#session.say(`deleting in ${entry.name}\n`);
        this.#purge(entry, listed, false);
        if (this.#breather.due) await this.#breather.pause();
      }
    }
  }

  #purge(directory: FileEntry, listed: ReadonlySet<string>, delay: boolean): void {
    if (!isContentDirectory(directory) || this.#placement.isImaginary(directory)) return;
    this.#deleter.purge(directory, listed, delay);
  }

  // ----------------------------------------------------------------------------- one list

  async #processList(state: ListState): Promise<void> {
    const { list } = state;
    const { options, agreement, wire } = this.#session;
    const incremental = agreement.dialect.incRecurse;
    if (options.listOnly) {
      await this.#showList(state);
      return;
    }
    const delay = this.#deleteMode === 'delay';
    const listed = delay || this.#deleteMode === 'during' ? namesOf(list) : undefined;
    if (incremental) {
      const owner = this.#ownerOf(state);
      if (owner !== undefined && this.#directories.enter(owner, list.start - 1)) {
        if (listed !== undefined) this.#purge(owner, listed, delay);
      }
    }
    this.#lookahead.beginList(list);
    for (let position = 0; position < list.length; position++) {
      if (list.isDropped(position)) continue;
      const entry = list.entries[position]!;
      const ndx = list.ndxOf(position);
      if (!isDirectory(entry.mode)) {
        const work = this.#entries.consider({ state, ndx, entry }, position);
        if (work !== undefined) await work;
      } else if (incremental) this.#directories.ensure(entry);
      else if (this.#directories.enter(entry, ndx) && listed !== undefined) {
        this.#purge(entry, listed, delay);
      }
      if (this.#state.answers.length > 0) await this.#requests.takeAnswers();
      this.#state.position = list.start + position + 1;
      this.#note();
      if (wire.congested) await wire.drained();
      else if (this.#breather.due) {
        wire.send();
        await this.#breather.pause();
      }
    }
    this.#state.position = list.start + list.length;
    wire.send();
  }

  async #showList({ list }: ListState): Promise<void> {
    for (let position = 0; position < list.length; position++) {
      if (list.isDropped(position)) continue;
      this.#session.emit({ kind: 'listing', entry: list.entries[position]! });
      if (this.#breather.due) await this.#breather.pause();
    }
  }
}
