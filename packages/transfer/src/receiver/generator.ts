import { isUnsafeSymlink } from '@deltawire/file-list';
import {
  createHardLink,
  createNode,
  createSymlink,
  errnoCode,
  errnoText,
  type FileStat,
  lstat,
  makeDirectories,
  makeDirectory,
  readLink,
  stat as statFollowing,
} from '@deltawire/filesystem';
import {
  type FileEntry,
  ItemFlag,
  NDX_DONE,
  writeBlockSums,
  writeItemHeader,
  writeSumHead,
} from '@deltawire/protocol';
import type { BlockLayout, Signature } from '@deltawire/signature';
import { Breather } from '../breather.ts';
import { fileDigest, sameBytes } from '../file-digest.ts';
import type { IsHidden } from '../module-rules.ts';
import { type DeleteMode, deletes, type TransferOptions } from '../options.ts';
import type { OpenBasis } from '../pipeline/open-basis.ts';
import type { SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { AttributePolicy } from './attributes.ts';
import { type Deleter, isContentDirectory, namesOf } from './delete.ts';
import type { Destination } from './destination.ts';
import { HardLinkGroups, type LinkGroup } from './hard-links.ts';
import {
  isDevice,
  isDirectory,
  isRegular,
  isSpecial,
  isSymlink,
  nodeType,
  parentOf,
  sameKind,
} from './kinds.ts';
import { Lookahead } from './lookahead.ts';
import type { Answer, ListState, ReceivingState, Request } from './state.ts';

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

const SIGNIFICANT = ~(ItemFlag.BASIS_TYPE_FOLLOWS | ItemFlag.XNAME_FOLLOWS | ItemFlag.LOCAL_CHANGE);

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
  readonly #destination: Destination;
  readonly #attributes: AttributePolicy;
  readonly #deleter: Deleter;
  readonly #signatures: SignatureCache;
  readonly #isHidden: IsHidden | undefined;
  readonly #links: HardLinkGroups = new HardLinkGroups();
  readonly #lookahead: Lookahead;
  readonly #breather: Breather = new Breather();
  readonly #skipped: Set<string> = new Set();
  readonly #newDirectories: Set<FileEntry> = new Set();
  /** Directories whose times or modes are set again when nothing changes inside any more. */
  #touchUp: FileEntry[] = [];
  readonly #wholeFile: boolean;
  readonly #deleteMode: DeleteMode;
  #openBases = 0;
  /** The list in hand. As in rsync, its DONE comes when the next one has been looked at too. */
  #current: ListState | undefined;
  #lastParent = '';

  constructor(setup: GeneratorSetup) {
    this.#session = setup.session;
    this.#state = setup.state;
    this.#destination = setup.destination;
    this.#attributes = setup.attributes;
    this.#deleter = setup.deleter;
    this.#signatures = setup.signatures;
    this.#isHidden = setup.isHidden;
    const { options, agreement, local } = setup.session;
    this.#wholeFile = agreement.checksum.name === 'none' || (options.wholeFile ?? local);
    this.#deleteMode = deleteTime(options, agreement.dialect.protocol);
    this.#lookahead = new Lookahead({
      session: setup.session,
      destination: setup.destination,
      attributes: setup.attributes,
      signatures: setup.signatures,
      enabled: !this.#wholeFile,
    });
  }

  /** A list has arrived: its hard-link groups are known from now on. */
  listArrived(state: ListState): void {
    if (this.#session.options.hardLinks) this.#links.addList(state);
  }

  /** Work through all lists and phases; resolves when the last DONE has been written. */
  async run(): Promise<void> {
    const { options, agreement } = this.#session;
    const { dialect } = agreement;
    if (options.verbose > 1 && !options.dryRun && !options.listOnly) {
      this.#session.say(
        this.#wholeFile
          ? 'delta-transmission disabled for local transfer or --whole-file\n'
          : 'delta-transmission enabled\n',
      );
    }
    if (this.#deleteMode === 'before') await this.#purgeAll(false);
    for (let next = 0; ; next++) {
      const state = await this.#listNumber(next);
      if (state === undefined) break;
      this.#current = state;
      await this.#processList(state);
      state.considered = true;
      this.#retireLists();
    }
    this.#current = undefined;
    if (dialect.incRecurse) {
      this.#retireLists();
      while (this.#state.retired < this.#state.lists.length) await this.#waitForAnswers();
    } else {
      this.#done();
      while (this.#state.phaseEchoes < 1) await this.#waitForAnswers();
      this.#failUnanswered();
      while (this.#state.requests.size > 0 || this.#state.answers.length > 0) {
        await this.#waitForAnswers();
      }
    }
    this.#done(); // the end of redo
    if (dialect.itemFlags) this.#done(); // the end of delayed updates
    if (this.#deletesLate) {
      while (!this.#state.itemsEnded) await this.#state.bell.wait();
      if (this.#deleteMode === 'delay') this.#deleter.removeDelayed();
      else await this.#purgeAll(false);
    }
    this.#finishDirectories();
    this.#deleter.report();
    if (dialect.extraGoodbye) {
      this.#deleteStats();
      this.#done();
    }
    while (!this.#state.goodbyeRead) await this.#state.bell.wait();
    this.#session.leaving = true;
    this.#done();
    this.#session.wire.flush();
  }

  // --------------------------------------------------------------------------- lists, phases

  async #listNumber(n: number): Promise<ListState | undefined> {
    const shared = this.#state;
    for (;;) {
      const state = shared.lists[n - (shared.listsAdded - shared.lists.length)];
      if (state !== undefined) return state;
      if (shared.complete) return undefined;
      await this.#waitForAnswers();
    }
  }

  #done(): void {
    const { ndxOut, wire } = this.#session;
    this.#state.donesWritten++;
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
      if (!this.#deletesLate) this.#finishDirectories(state);
      state.retired = true;
      shared.retired++;
      this.#done();
    }
  }

  get #deletesLate(): boolean {
    return this.#deleteMode === 'delay' || this.#deleteMode === 'after';
  }

  /** Below protocol 30 a file that cannot be sent is known only by the missing answer. */
  #failUnanswered(): void {
    for (const request of this.#state.requests.values()) {
      if (request.redo) continue;
      this.#state.requests.delete(request.ndx);
      this.#state.answers.push({ request, outcome: 'failed' });
    }
  }

  async #waitForAnswers(): Promise<void> {
    if (this.#state.answers.length === 0) {
      this.#session.wire.send();
      await this.#state.bell.wait();
    }
    await this.#serviceAnswers();
    this.#retireLists();
  }

  async #serviceAnswers(): Promise<void> {
    for (;;) {
      const answer = this.#state.answers.shift();
      if (answer === undefined) return;
      await this.#settle(answer);
    }
  }

  async #settle({ request, outcome }: Answer): Promise<void> {
    if (request.basis !== undefined) {
      request.basis.release();
      this.#openBases--;
    }
    if (outcome === 'redo') {
      await this.#redo(request);
      return;
    }
    request.state.pending--;
    const group = this.#links.of(request.entry);
    if (group === undefined) return;
    group.inFlight = undefined;
    if (outcome === 'done') {
      this.#linkWaiting(group, this.#nameOf(request.entry));
    } else {
      const next = group.waiting.shift();
      if (next === undefined) return;
      next.state.pending--;
      const path = this.#destination.root.resolve(this.#nameOf(next.entry));
      await this.#transfer(next.state, next.ndx, next.entry, path, undefined, group);
    }
  }

  #deleteStats(): void {
    const session = this.#session;
    if (!deletes(session.options) && !session.options.force) return;
    session.writeDeleteStats();
  }

  async #purgeAll(delay: boolean): Promise<void> {
    for (const { list } of this.#state.lists) {
      const listed = namesOf(list.entries);
      for (let i = 0; i < list.length; i++) {
        const entry = list.entries[i]!;
        if (list.isDropped(i) || !isContentDirectory(entry)) continue;
        this.#deleter.purge(entry, listed, delay);
        if (this.#breather.due) await this.#breather.pause();
      }
    }
  }

  // --------------------------------------------------------------------------- one list

  async #processList(state: ListState): Promise<void> {
    const { list } = state;
    const { options, agreement, wire } = this.#session;
    const incremental = agreement.dialect.incRecurse;
    if (options.listOnly) {
      await this.#showList(state);
      return;
    }
    const purges = this.#deleteMode === 'during' || this.#deleteMode === 'delay';
    const listed = purges ? namesOf(list.entries) : undefined;
    if (incremental) {
      const parent = this.#state.store.byNdx(list.start - 1)?.entry;
      if (parent !== undefined && this.#enter(parent, list.start - 1) && listed !== undefined) {
        this.#purge(parent, listed);
      }
    }
    this.#lookahead.beginList(list);
    for (let position = 0; position < list.length; position++) {
      if (list.isDropped(position)) continue;
      const entry = list.entries[position]!;
      const ndx = list.start + position;
      if (isDirectory(entry.mode)) {
        if (incremental) this.#ensureDirectory(entry);
        else if (this.#enter(entry, ndx) && listed !== undefined) this.#purge(entry, listed);
      } else {
        await this.#consider(state, position, ndx, entry);
      }
      if (this.#state.answers.length > 0) await this.#serviceAnswers();
      if (wire.congested) await wire.drained();
      else if (this.#breather.due) {
        wire.send();
        await this.#breather.pause();
      }
    }
    wire.send();
  }

  async #showList({ list }: ListState): Promise<void> {
    for (let position = 0; position < list.length; position++) {
      if (list.isDropped(position)) continue;
      this.#session.emit({ kind: 'listing', entry: list.entries[position]! });
      if (this.#breather.due) await this.#breather.pause();
    }
  }

  #purge(directory: FileEntry, listed: ReadonlySet<string>): void {
    if (!isContentDirectory(directory) || this.#destination.missing) return;
    this.#deleter.purge(directory, listed, this.#deleteMode === 'delay');
  }

  #nameOf(entry: FileEntry): string {
    return this.#destination.nameOf(entry);
  }

  /** Whether something above this entry could not be made, or is left out. */
  #isBelowSkipped(name: string): boolean {
    if (this.#skipped.size === 0) return false;
    const parent = parentOf(name);
    return parent !== '' && (this.#skipped.has(parent) || this.#isBelowSkipped(parent));
  }

  #isHiddenEntry(entry: FileEntry): boolean {
    if (this.#isHidden === undefined) return false;
    const path = this.#destination.root.pathOf(this.#nameOf(entry));
    return this.#isHidden(path, isDirectory(entry.mode));
  }

  #refusedByDaemon(entry: FileEntry): boolean {
    const dir = isDirectory(entry.mode);
    if (!this.#isHiddenEntry(entry)) return false;
    const what = dir ? 'directory' : 'file';
    this.#session.transferError(`ERROR: daemon refused to receive ${what} "${entry.name}"\n`);
    return true;
  }

  // --------------------------------------------------------------------------- directories

  /** While the parent's list is processed a directory only has to exist. */
  #ensureDirectory(entry: FileEntry): void {
    const name = this.#nameOf(entry);
    if (name === '.' || this.#isBelowSkipped(entry.name)) return;
    if (this.#isHiddenEntry(entry)) return;
    const { options } = this.#session;
    const path = this.#pathFor(entry);
    if (path === undefined) return;
    const found = this.#statDirectory(path);
    if (found?.type === 'directory') return;
    if (options.existing && found === undefined) return;
    if (found !== undefined && options.ignoreExisting) return;
    if (found !== undefined && !this.#deleter.makeWay(name, found, 'directory')) return;
    this.#newDirectories.add(entry);
    if (!options.dryRun) this.#makeDirectory(entry, path);
  }

  /**
   * Handle a directory in full: create it, set its attributes, itemize it. Returns whether its
   * contents are to be handled.
   */
  #enter(entry: FileEntry, ndx: number): boolean {
    const { options } = this.#session;
    if (this.#isBelowSkipped(entry.name) || this.#skipped.has(entry.name)) return false;
    if (this.#refusedByDaemon(entry)) {
      this.#skipContents(entry);
      this.#session.transferError('*** Skipping any contents from this failed directory ***\n');
      return false;
    }
    const path = this.#pathFor(entry);
    if (path === undefined) {
      this.#skipContents(entry);
      return false;
    }
    let found = this.#statDirectory(path);
    const wasMade = this.#newDirectories.delete(entry);
    let isNew = wasMade || found === undefined;
    if (found !== undefined && found.type !== 'directory') {
      if (options.existing || !this.#deleter.makeWay(this.#nameOf(entry), found, 'directory')) {
        this.#skipContents(entry);
        return false;
      }
      found = undefined;
      isNew = true;
    }
    if (isNew && !wasMade && options.existing && entry.name !== '.') {
      if (this.#session.info('skip') > 0) {
        this.#session.say(`not creating new directory "${entry.name}"\n`);
      }
      this.#skipContents(entry);
      return false;
    }
    const implied = entry.topDir && entry.noContent && options.relative && !options.impliedDirs;
    if (found === undefined && !options.dryRun) {
      if (!this.#makeDirectory(entry, path)) return false;
      found = lstat(path);
    }
    if (implied) return true;
    const before = isNew ? undefined : found;
    let iflags = isNew ? ItemFlag.LOCAL_CHANGE | ItemFlag.IS_NEW : 0;
    if (isNew) countKind(this.#session.stats.created, entry.mode);
    else if (before !== undefined) iflags |= this.#attributes.differences(entry, before, iflags);
    this.#item(ndx, entry, iflags);
    if (found !== undefined && !options.dryRun) {
      const wanted = this.#attributes.wanted(entry, found, true);
      if (wanted.mode !== undefined && process.geteuid?.() !== 0) {
        if (isNew && !options.perms) wanted.mode |= found.mode & 0o2000;
        wanted.mode |= 0o700; // until its contents are in place
      }
      this.#attributes.apply(path, wanted, found);
      this.#touchUp.push(entry);
    }
    return true;
  }

  #statDirectory(path: string): FileStat | undefined {
    return this.#session.options.keepDirlinks ? (statFollowing(path) ?? lstat(path)) : lstat(path);
  }

  #makeDirectory(entry: FileEntry, path: string): boolean {
    const { options } = this.#session;
    const mode = this.#attributes.modeFor(entry, undefined);
    try {
      try {
        makeDirectory(path, mode | 0o700);
      } catch (error) {
        if (errnoCode(error) !== 'ENOENT' || !options.relative) throw error;
        makeDirectories(parentOf(path), 0o777 & ~process.umask());
        makeDirectory(path, mode | 0o700);
      }
      this.#lookahead.invalidate();
      return true;
    } catch (error) {
      this.#session.systemError('generator', `recv_generator: mkdir "${path}" failed`, error);
      this.#session.transferError('*** Skipping any contents from this failed directory ***\n');
      this.#skipContents(entry);
      return false;
    }
  }

  #skipContents(entry: FileEntry): void {
    this.#skipped.add(entry.name);
  }

  /** Times and modes of directories, once nothing changes inside them any more. */
  #finishDirectories(state?: ListState): void {
    if (state !== undefined && this.#touchUp.length === 0) return;
    const owner =
      state === undefined ? undefined : this.#state.store.byNdx(state.list.start - 1)?.entry;
    if (state !== undefined && owner === undefined) return;
    const rest: FileEntry[] = [];
    for (const entry of this.#touchUp) {
      if (owner !== undefined && entry !== owner) {
        rest.push(entry);
        continue;
      }
      const path = this.#pathFor(entry);
      const found = path === undefined ? undefined : lstat(path);
      if (path === undefined || found?.type !== 'directory') continue;
      this.#attributes.apply(path, this.#attributes.wanted(entry, found, true), found);
    }
    this.#touchUp = rest;
  }

  // --------------------------------------------------------------------------- other entries

  async #consider(
    state: ListState,
    position: number,
    ndx: number,
    entry: FileEntry,
  ): Promise<void> {
    const { options } = this.#session;
    const group = options.hardLinks ? this.#links.visit(entry) : undefined;
    const handled = await this.#considerUnlessSkipped(state, position, ndx, entry, group);
    if (!handled) this.#signatures.cancel(ndx);
    if (!handled && group !== undefined) await this.#passOn(group);
  }

  /** A member of a link group was skipped: if nobody else will be the real one, choose one. */
  async #passOn(group: LinkGroup): Promise<void> {
    if (group.unseen > 0 || group.inFlight !== undefined || group.finished !== undefined) return;
    const next = group.waiting.shift();
    if (next === undefined) return;
    next.state.pending--;
    const path = this.#destination.root.resolve(this.#nameOf(next.entry));
    await this.#transfer(next.state, next.ndx, next.entry, path, undefined, group);
  }

  /** Returns false when the entry was left out. */
  async #considerUnlessSkipped(
    state: ListState,
    position: number,
    ndx: number,
    entry: FileEntry,
    group: LinkGroup | undefined,
  ): Promise<boolean> {
    const { options } = this.#session;
    if (this.#isBelowSkipped(entry.name)) return false;
    if (this.#refusedByDaemon(entry)) return false;
    const path = this.#pathFor(entry);
    if (path === undefined) return false;
    let found: FileStat | undefined;
    try {
      found = this.#destination.missing ? undefined : this.#lookahead.statOf(position, path);
    } catch (error) {
      const what = `recv_generator: failed to stat "${path}"`;
      this.#session.systemError('generator', what, error);
      return false;
    }
    if (options.existing && found === undefined) {
      if (this.#session.info('skip') > 0) {
        this.#session.say(`not creating new file "${entry.name}"\n`);
      }
      return false;
    }
    if (options.ignoreExisting && found !== undefined) {
      if (this.#session.info('skip') > 0) this.#session.say(`${entry.name} exists\n`);
      return false;
    }
    if (group?.finished !== undefined) {
      this.#link(ndx, entry, path, found, group.finished);
      return true;
    }
    if (isRegular(entry.mode)) {
      return this.#considerFile(state, ndx, entry, path, found, group);
    }
    if (!this.#considerNode(ndx, entry, path, found)) return false;
    if (group !== undefined) this.#linkWaiting(group, this.#nameOf(entry));
    return true;
  }

  /** Symlinks, devices, fifos and sockets: made here, without data. */
  #considerNode(ndx: number, entry: FileEntry, path: string, found: FileStat | undefined): boolean {
    const { options } = this.#session;
    const symlink = isSymlink(entry.mode);
    if (symlink ? !options.links : !this.#createsNode(entry.mode)) {
      if (this.#session.info('nonreg') > 0) {
        this.#session.say(`skipping non-regular file "${entry.name}"\n`);
      }
      return false;
    }
    if (symlink && options.safeLinks && isUnsafeSymlink(entry.linkTarget, entry.name)) {
      if (this.#session.info('symsafe') > 0 || this.#session.server) {
        this.#session.say(`ignoring unsafe symlink "${entry.name}" -> "${entry.linkTarget}"\n`);
      }
      return false;
    }
    if (found !== undefined && sameKind(found.mode, entry.mode)) {
      const same = symlink
        ? readLink(path) === entry.linkTarget
        : isSpecial(entry.mode) ||
          (found.rdevMajor === entry.rdevMajor && found.rdevMinor === entry.rdevMinor);
      if (same) {
        this.#item(ndx, entry, this.#attributes.differences(entry, found, 0));
        if (!options.dryRun) {
          this.#attributes.apply(path, this.#attributes.wanted(entry, found, true), found);
        }
        return true;
      }
    }
    let before = found;
    if (found !== undefined && !sameKind(found.mode, entry.mode)) {
      const what = symlink ? 'symlink' : isDevice(entry.mode) ? 'device file' : 'special file';
      if (found.type === 'directory') {
        if (!this.#deleter.makeWay(this.#nameOf(entry), found, what)) return false;
        found = undefined;
      }
      before = undefined;
    }
    if (!options.dryRun && !this.#makeNode(entry, path, found !== undefined)) return false;
    let iflags = ItemFlag.LOCAL_CHANGE | ItemFlag.REPORT_CHANGE;
    if (before === undefined) {
      iflags |= ItemFlag.IS_NEW;
      countKind(this.#session.stats.created, entry.mode);
    } else {
      iflags |= this.#attributes.differences(entry, before, iflags);
    }
    this.#item(ndx, entry, iflags);
    return true;
  }

  #createsNode(mode: number): boolean {
    const { options } = this.#session;
    if (isDevice(mode)) return options.devices && process.geteuid?.() === 0;
    return isSpecial(mode) && options.specials;
  }

  #makeNode(entry: FileEntry, path: string, replace: boolean): boolean {
    const symlink = isSymlink(entry.mode);
    try {
      if (symlink) createSymlink(entry.linkTarget, path, { replace });
      else {
        const { rdevMajor, rdevMinor } = entry;
        const mode = this.#attributes.modeFor(entry, undefined);
        createNode(path, { type: nodeType(entry.mode), mode, rdevMajor, rdevMinor }, { replace });
      }
    } catch (error) {
      const what = symlink
        ? `symlink "${path}" -> "${entry.linkTarget}" failed`
        : `mknod "${path}" failed`;
      this.#session.systemError('generator', what, error);
      return false;
    }
    const made = lstat(path);
    if (made !== undefined) {
      this.#attributes.apply(path, this.#attributes.wanted(entry, made, true), made);
    }
    return true;
  }

  // --------------------------------------------------------------------------- regular files

  async #considerFile(
    state: ListState,
    ndx: number,
    entry: FileEntry,
    path: string,
    present: FileStat | undefined,
    group: LinkGroup | undefined,
  ): Promise<boolean> {
    const { options } = this.#session;
    let found = present;
    if (options.maxSize >= 0 && entry.size > options.maxSize) {
      if (this.#session.info('skip') > 0) this.#session.say(`${entry.name} is over max-size\n`);
      return false;
    }
    if (options.minSize >= 0 && entry.size < options.minSize) {
      if (this.#session.info('skip') > 0) this.#session.say(`${entry.name} is under min-size\n`);
      return false;
    }
    if (options.update && found?.type === 'file') {
      const newer = found.mtime - entry.mtime > Math.max(0, options.modifyWindow);
      if (newer) {
        if (this.#session.info('skip') > 0) this.#session.say(`${entry.name} is newer\n`);
        return false;
      }
    }
    if (found !== undefined && found.type !== 'file') {
      // A directory has to go first; anything else is replaced by the final rename, if there is one.
      if (
        (found.type === 'directory' || options.inplace) &&
        !this.#deleter.makeWay(this.#nameOf(entry), found, 'regular file')
      ) {
        return false;
      }
      found = undefined;
    }
    if (found !== undefined && this.#isUpToDate(entry, path, found)) {
      this.#signatures.cancel(ndx);
      this.#item(ndx, entry, this.#attributes.differences(entry, found, 0));
      if (!options.dryRun) {
        this.#attributes.apply(path, this.#attributes.wanted(entry, found, true), found);
      }
      if (group !== undefined) this.#linkWaiting(group, this.#nameOf(entry));
      return true;
    }
    if (group !== undefined && found === undefined) {
      if (group.inFlight !== undefined || group.unseen > 0) {
        group.waiting.push({ state, ndx, entry });
        state.pending++;
        return true;
      }
    }
    if (group?.inFlight !== undefined) {
      group.waiting.push({ state, ndx, entry });
      state.pending++;
      return true;
    }
    await this.#transfer(state, ndx, entry, path, found, group);
    return true;
  }

  #isUpToDate(entry: FileEntry, path: string, found: FileStat): boolean {
    const { options, agreement } = this.#session;
    if (found.size !== entry.size) return false;
    if (options.checksum) {
      if (entry.checksum === undefined) return false;
      try {
        return sameBytes(fileDigest(path, agreement.fileChecksum), entry.checksum);
      } catch {
        return false;
      }
    }
    if (options.sizeOnly) return true;
    if (options.ignoreTimes) return false;
    return this.#attributes.sameTime(entry, found);
  }

  /** Ask for the content of a file. */
  async #transfer(
    state: ListState,
    ndx: number,
    entry: FileEntry,
    path: string,
    found: FileStat | undefined,
    group: LinkGroup | undefined,
  ): Promise<void> {
    const { options } = this.#session;
    let iflags: number = ItemFlag.TRANSFER;
    if (options.checksum) iflags |= ItemFlag.REPORT_CHANGE;
    if (found === undefined) {
      iflags = ItemFlag.TRANSFER | ItemFlag.IS_NEW;
      countKind(this.#session.stats.created, entry.mode);
    } else {
      iflags |= this.#attributes.differences(entry, found, iflags);
    }
    if (options.dryRun) {
      this.#signatures.cancel(ndx);
      this.#item(ndx, entry, iflags);
      this.#session.stats.requested++;
      if (group !== undefined) this.#linkWaiting(group, this.#nameOf(entry));
      return;
    }
    state.pending++;
    if (group !== undefined) group.inFlight = ndx;
    let basis: OpenBasis | undefined;
    let layout = NO_BASIS;
    let signature: Signature | undefined;
    if (found !== undefined && !this.#wholeFile && found.size > 0) {
      try {
        const signed = await this.#signatures.take(ndx, path, found);
        basis = signed?.basis;
        signature = signed?.signature;
        layout = signed?.layout ?? layout;
      } catch (error) {
        this.#session.systemError('generator', `failed to open "${path}", continuing`, error);
      }
    }
    const request: Request = {
      ndx,
      entry,
      state,
      path,
      existing: found,
      iflags,
      basis,
      layout,
      redo: false,
    };
    await this.#send(request, signature);
  }

  /** Ask again, with full-length sums, for a file whose content did not verify. */
  async #redo(failed: Request): Promise<void> {
    const path = failed.path;
    const found = lstat(path);
    let basis: OpenBasis | undefined;
    let layout = NO_BASIS;
    let signature: Signature | undefined;
    if (found?.type === 'file' && !this.#wholeFile && found.size > 0) {
      const signed = this.#signatures.takeFull(path);
      basis = signed?.basis;
      signature = signed?.signature;
      layout = signed?.layout ?? layout;
    }
    await this.#send({ ...failed, existing: found, basis, layout, redo: true }, signature);
  }

  async #send(request: Request, signature: Signature | undefined): Promise<void> {
    const { wire, ndxOut, agreement, stats } = this.#session;
    const { layout, ndx } = request;
    if (request.basis !== undefined) this.#openBases++;
    this.#state.requests.set(ndx, request);
    stats.requested++;
    ndxOut.write(wire.out, ndx);
    const header = { iflags: request.iflags, basisType: 0x80, xname: undefined };
    writeItemHeader(wire.out, agreement.dialect, header);
    writeSumHead(wire.out, layout);
    if (signature !== undefined) {
      const { weak, strong } = signature;
      for (let from = 0; from < layout.blockCount; from += SUMS_PER_STEP) {
        const to = Math.min(from + SUMS_PER_STEP, layout.blockCount);
        writeBlockSums(wire.out, weak, strong, layout.strongLength, from, to);
        wire.send();
        if (wire.congested) await wire.drained();
      }
    }
    wire.send();
    while (this.#openBases >= MAX_OPEN_BASES) {
      wire.flush();
      if (this.#state.answers.length === 0) await this.#state.bell.wait();
      const answers = this.#state.answers;
      // Redo requests would nest; they keep their place until the caller's own turn comes.
      const next = answers.findIndex((answer) => answer.outcome !== 'redo');
      if (next < 0) {
        if (answers.length >= MAX_OPEN_BASES / 2) break;
        continue;
      }
      await this.#settle(answers.splice(next, 1)[0]!);
    }
  }

  // --------------------------------------------------------------------------- hard links

  /** A member of the group is in place: make the others links to it. */
  #linkWaiting(group: LinkGroup, name: string): void {
    group.finished = name;
    for (const { state, ndx, entry } of group.waiting.splice(0)) {
      state.pending--;
      const path = this.#pathFor(entry);
      if (path !== undefined) this.#link(ndx, entry, path, lstat(path), name);
    }
  }

  #link(
    ndx: number,
    entry: FileEntry,
    path: string,
    found: FileStat | undefined,
    name: string,
  ): void {
    const { options, stats } = this.#session;
    const target = this.#destination.root.resolve(name);
    const existing = lstat(target);
    this.#signatures.cancel(ndx);
    let iflags: number = ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS;
    if (existing !== undefined && found?.ino === existing.ino && found.dev === existing.dev) {
      this.#item(ndx, entry, iflags, '');
      return;
    }
    if (found === undefined || !sameKind(found.mode, entry.mode)) {
      iflags |= ItemFlag.IS_NEW;
      countKind(stats.created, entry.mode);
    } else {
      iflags |= this.#attributes.differences(entry, found, iflags);
    }
    if (!options.dryRun) {
      try {
        if (
          found?.type === 'directory' &&
          !this.#deleter.makeWay(this.#nameOf(entry), found, 'hard link')
        ) {
          return;
        }
        createHardLink(target, path, { replace: found !== undefined });
      } catch (error) {
        const what = `link "${path}" => ${name} failed`;
        this.#session.systemError('generator', what, error);
        return;
      }
    }
    this.#item(ndx, entry, iflags, name);
  }

  // --------------------------------------------------------------------------- output

  #pathFor(entry: FileEntry): string | undefined {
    try {
      return this.#destination.root.resolve(this.#nameOf(entry));
    } catch (error) {
      const parent = parentOf(entry.name);
      if (parent !== this.#lastParent) {
        this.#lastParent = parent;
        const reason = error instanceof Error ? error.message : errnoText(error);
        this.#session.transferError(`rsync: [generator] ${reason}\n`);
      }
      return undefined;
    }
  }

  /** Report an item that needs no data, if anyone wants to know. */
  #item(ndx: number, entry: FileEntry, iflags: number, xname?: string): void {
    const { options, agreement, wire, ndxOut } = this.#session;
    const significant = (iflags & SIGNIFICANT) !== 0 || (xname !== undefined && xname !== '');
    const verbose = this.#session.info('name') > 1;
    if (!agreement.dialect.itemFlags) {
      this.#reportLocally(ndx, entry, iflags, xname, significant, verbose);
      return;
    }
    if (significant || options.itemize > 1 || (options.itemize > 0 && verbose)) {
      ndxOut.write(wire.out, ndx);
      writeItemHeader(wire.out, agreement.dialect, { iflags, basisType: 0x80, xname });
      wire.send();
    } else if (verbose && !isDirectory(entry.mode)) {
      this.#session.say(`${entry.name} is uptodate\n`);
    }
  }

  /** Below protocol 29 items without data are not on the wire: this side reports them. */
  #reportLocally(
    ndx: number,
    entry: FileEntry,
    iflags: number,
    xname: string | undefined,
    significant: boolean,
    verbose: boolean,
  ): void {
    const { options, server } = this.#session;
    if ((iflags & ItemFlag.TRANSFER) !== 0) {
      const { ndxOut, wire } = this.#session;
      ndxOut.write(wire.out, ndx);
      wire.send();
    } else if (!server) {
      if (significant || options.itemize > 1 || (options.itemize > 0 && verbose)) {
        this.#session.emit({
          kind: 'item',
          ndx,
          name: entry.name,
          entry,
          iflags,
          basisType: 0x80,
          xname,
          direction: 'recv',
        });
      } else if (verbose && !isDirectory(entry.mode)) {
        this.#session.say(`${entry.name} is uptodate\n`);
      }
    } else if (significant && this.#session.info('name') > 0) {
      const slash = isDirectory(entry.mode) ? '/' : '';
      const target = isSymlink(entry.mode) ? ` -> ${entry.linkTarget}` : '';
      this.#session.say(`${entry.name}${slash}${target}\n`);
    } else if (verbose && !isDirectory(entry.mode)) {
      this.#session.say(`${entry.name} is uptodate\n`);
    }
  }
}
