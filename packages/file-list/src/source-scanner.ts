import { checkSearchable, isRoot, readDirectory, stat, statError } from '@deltawire/filesystem';
import type { FilterScope } from '@deltawire/filters';
import { type FileEntry, RsyncError } from '@deltawire/protocol';
import { DirectoryWalk } from './directory-walk.ts';
import { EntryMaker } from './entry-maker.ts';
import type { FileList } from './file-list.ts';
import { FileListStore } from './file-list-store.ts';
import { type DirectoryNode, ListBuilder, type PendingName } from './list-builder.ts';
import { ScanLog } from './scan-log.ts';
import type { ScanOptions } from './scan-options.ts';
import { filesFromPrefix, type SourceArgument, sourceArguments } from './source-argument.ts';
import { localPathOfName, type SourceRoot } from './source-root.ts';

/** A list that is ready to be sent. */
export interface ScannedList {
  /** `list.wire` is what to send, in that order. */
  readonly list: FileList;
  /** The value for its end mark: io_error so far if building it added to it, else 0. */
  readonly ioError: number;
}

interface ScopedRoot extends SourceRoot {
  readonly scope: FilterScope | undefined;
}

/**
 * The sender's side of the file list: source arguments become entries, all at once or, with incremental
 * recursion, directory by directory, depth first (docs/spec/data.md §3.1, §3.12–§3.15).
 */
export class SourceScanner {
  readonly store: FileListStore;
  readonly #options: ScanOptions;
  readonly #log: ScanLog;
  readonly #maker: EntryMaker;
  readonly #roots = new Map<string, ScopedRoot>();
  readonly #incremental: boolean;
  readonly #walk: DirectoryWalk = new DirectoryWalk();
  /** The last implied directory path sent, for the arguments after it. */
  #impliedPath = '';
  #impliedRootSent = false;
  /** Incremental: the last implied directory of the first list. */
  #impliedNode: DirectoryNode | undefined;
  #checkedPrefix: string | undefined;

  constructor(options: ScanOptions) {
    const { incRecurse, directorySort } = options.dialect;
    this.#options = options;
    this.#incremental = incRecurse;
    this.store = new FileListStore({
      incremental: incRecurse,
      directorySort,
      receiving: false,
      wireIndexes: options.wireIndexes,
    });
    this.#log = new ScanLog(options);
    this.#maker = new EntryMaker(options, this.#log);
  }

  /** All io_error bits so far. */
  get ioError(): number {
    return this.#log.ioError;
  }

  /** Report an error found later, e.g. while sending a file: its bits count from now on. */
  addIoError(bits: number): void {
    this.#log.ioError |= bits;
  }

  /** The first list; without incremental recursion the only one. Throws RsyncError (exit 1) for a bad argument. */
  firstList(): ScannedList {
    const steps = this.firstListSteps();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /** The same in steps of one directory, so that the caller can give the event loop back in between. */
  *firstListSteps(): Generator<void, ScannedList, void> {
    const before = this.ioError;
    const builder = new ListBuilder(this.store.nextStart);
    if (this.#options.filesFrom !== undefined) this.#enterBase();
    for (const argument of sourceArguments(this.#options)) {
      yield* this.#addArgument(builder, argument);
    }
    const scanned = this.#finish(builder, -1, before);
    if (!this.#incremental) this.store.endOfLists();
    return scanned;
  }

  /**
   * Incremental recursion: the list of the next directory, `list.directory` being the number to announce
   * it with; undefined when there are no more (FLIST_EOF).
   */
  nextList(): ScannedList | undefined {
    const group = this.#walk.take();
    if (group.length > 0) return this.#listDirectory(group);
    this.store.endOfLists();
    return undefined;
  }

  /** Whether `nextList` would give a list. */
  get hasMore(): boolean {
    return this.#walk.hasMore;
  }

  /** One list for directories of the same name, which come from several arguments. */
  #listDirectory(group: readonly DirectoryNode[]): ScannedList {
    const before = this.ioError;
    const builder = new ListBuilder(this.store.nextStart);
    let last: DirectoryNode | undefined;
    for (const node of group) {
      if (node.pending) this.#addPending(builder, node, node.pending);
      else if (!node.entry.noContent && !isSameContent(last, node))
        this.#addChildren(builder, node);
      last = node;
    }
    return this.#finish(builder, group[0]?.d ?? -1, before);
  }

  /** Number the list and its directories. */
  #finish(builder: ListBuilder, directory: number, ioErrorBefore: number): ScannedList {
    let d = this.store.directories.length;
    const list = this.store.add(builder.entries, { directory, roots: builder.commonRoots });
    if (this.#incremental) {
      for (let place = 0; place < list.length; place++) {
        const node = builder.nodeOf(list.entries[list.numberedAt(place)] as FileEntry);
        if (node !== undefined) node.d = d++;
      }
      const nodes: DirectoryNode[] = [];
      for (const entry of list.entries) {
        const node = builder.nodeOf(entry);
        if (node === undefined) continue;
        // What is in `.` was sent with it.
        if (!isDotName(entry.name)) nodes.push(node);
      }
      this.#walk.push(nodes);
    }
    return { list, ioError: this.ioError === ioErrorBefore ? 0 : this.ioError };
  }

  *#addArgument(builder: ListBuilder, argument: SourceArgument): Generator<void, void, void> {
    const { relative, recursive, dirs } = this.#options;
    const { prefix, name, contents } = argument;
    if (!this.#enterPrefix(prefix)) return;
    const root = this.#rootFor(prefix);
    if (argument.impliesRoot) this.#addImpliedRoot(builder, root);
    const found = this.#maker.checkArgument(root, name, contents);
    if (found === undefined) return;
    if (found !== 'missing' && found.type === 'directory' && !recursive && !dirs) {
      this.#log.info(`skipping directory ${name}`);
      return;
    }
    let scope = root.scope;
    if (relative) {
      if (this.#addImplied(builder, root, argument)) return;
      scope = scopeAbove(root.scope, name);
    }
    const node = this.#addItem(builder, { root, name, scope, followLink: contents });
    const isDot = isDotName(name);
    if (node === undefined || node.entry.noContent) return;
    if (this.#incremental) {
      if (isDot) this.#addChildren(builder, node);
    } else {
      yield* this.#addTree(builder, node);
    }
  }

  /** The entry of an argument; returns its node when it is a directory. */
  #addItem(
    builder: ListBuilder,
    item: { root: ScopedRoot; name: string; scope: FilterScope | undefined; followLink: boolean },
  ): DirectoryNode | undefined {
    const { root, name, scope, followLink } = item;
    const made = this.#maker.make({
      root,
      name,
      kind: 'argument',
      scope,
      followLink,
      device: undefined,
      wireIndex: builder.nextIndex,
    });
    if (made === undefined) return undefined;
    if (made.stat?.type !== 'directory') {
      builder.add(made.entry, root);
      return undefined;
    }
    const { recursive = false, oneFileSystem = 0 } = this.#options;
    // Without recursion only what is in a dot-directory is sent, one level of it.
    const hasContent = recursive || followLink;
    made.entry.topDir = hasContent;
    made.entry.noContent = !hasContent;
    const device = oneFileSystem > 0 ? made.stat.dev : undefined;
    const node = { entry: made.entry, root, scope, device, pending: undefined, d: -1 };
    builder.addDirectory(node);
    return node;
  }

  /** A directory and, with recursion, everything below it: see §3.1, last paragraph, for the order. */
  *#addTree(builder: ListBuilder, top: DirectoryNode): Generator<void, void, void> {
    const stack = [top];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const children = this.#addChildren(builder, node);
      for (let i = children.length - 1; i >= 0; i--) {
        const child = children[i] as DirectoryNode;
        if (!child.entry.noContent) stack.push(child);
      }
      yield;
    }
  }

  /** The entries of one directory in the order the system gives them; returns its sub-directories. */
  #addChildren(builder: ListBuilder, parent: DirectoryNode): DirectoryNode[] {
    const { root, device } = parent;
    const { name: directory } = parent.entry;
    const path = localPathOfName(root, directory);
    let names: string[];
    try {
      this.#options.checkPath?.(path, true);
      names = readDirectory(path);
      // Where nothing inside can be looked at, rsync has nothing to say about each of the names.
      if (!isRoot()) checkSearchable(path);
    } catch (error) {
      this.#log.directory(path, error);
      return [];
    }
    const scope = scopeInside(parent);
    const before = isDotName(directory) ? directory.slice(0, -1) : `${directory}/`;
    const directories: DirectoryNode[] = [];
    for (const item of names) {
      const made = this.#maker.make({
        root,
        name: before + item,
        kind: 'child',
        scope,
        followLink: false,
        device,
        wireIndex: builder.nextIndex,
      });
      if (made === undefined) continue;
      if (made.stat?.type !== 'directory') {
        builder.add(made.entry, root);
        continue;
      }
      made.entry.noContent = !this.#options.recursive || made.isMountPoint;
      const node = { entry: made.entry, root, scope, device, pending: undefined, d: -1 };
      builder.addDirectory(node);
      directories.push(node);
    }
    return directories;
  }

  /**
   * The parents of a relative argument that were not sent for the one before (§3.14). Incremental: only
   * the first one, the rest waits there; true when that takes care of the argument itself.
   */
  #addImplied(builder: ListBuilder, root: ScopedRoot, argument: SourceArgument): boolean {
    const { name, contents } = argument;
    const slash = name.indexOf('/', 1);
    if (slash < 0) return false;
    if (this.#incremental) {
      const first = name.slice(0, slash);
      const pending = { path: name.slice(slash + 1), followLink: contents };
      const last = this.#impliedNode;
      if (last?.entry.name === first && last.root === root) last.pending?.push(pending);
      else this.#impliedNode = this.#addImpliedDirectory(builder, root, first, root.scope, pending);
      return true;
    }
    // Below protocol 30 the option keeps the sender from sending them at all.
    const { impliedDirs = true, dialect } = this.#options;
    if (impliedDirs || dialect.protocol >= 30) this.#addImpliedPath(builder, root, name);
    return false;
  }

  /** A leading `./` sends the root directory too, once. */
  #addImpliedRoot(builder: ListBuilder, root: ScopedRoot): void {
    if (this.#impliedRootSent) return;
    this.#impliedRootSent = true;
    const { recursive, dirs } = this.#options;
    if (recursive || dirs) this.#addImpliedDirectory(builder, root, '.', root.scope);
    else this.#log.info('skipping directory .');
  }

  #addImpliedPath(builder: ListBuilder, root: ScopedRoot, name: string): void {
    const parent = name.slice(0, name.lastIndexOf('/'));
    if (`${this.#impliedPath}/`.startsWith(`${parent}/`)) return;
    let end = 0;
    while (end < parent.length) {
      const slash = parent.indexOf('/', end + 1);
      end = slash < 0 ? parent.length : slash;
      const directory = parent.slice(0, end);
      if (`${this.#impliedPath}/`.startsWith(`${directory}/`)) continue;
      this.#addImpliedDirectory(builder, root, directory, undefined);
    }
    this.#impliedPath = parent;
  }

  #addImpliedDirectory(
    builder: ListBuilder,
    root: ScopedRoot,
    name: string,
    scope: FilterScope | undefined,
    pending?: PendingName,
  ): DirectoryNode | undefined {
    const made = this.#maker.make({
      root,
      name,
      kind: 'implied',
      scope: undefined,
      followLink: true,
      device: undefined,
      wireIndex: builder.nextIndex,
    });
    if (made === undefined) return undefined;
    made.entry.topDir = true;
    made.entry.noContent = true;
    const names = pending ? [pending] : [];
    const node = { entry: made.entry, root, scope, device: undefined, pending: names, d: -1 };
    builder.addDirectory(node);
    return node;
  }

  /** Incremental: what relative arguments want from an implied directory. */
  #addPending(builder: ListBuilder, node: DirectoryNode, names: readonly PendingName[]): void {
    const root = node.root as ScopedRoot;
    const scope = scopeInside(node);
    let last: DirectoryNode | undefined;
    for (const { path, followLink } of names) {
      const slash = path.indexOf('/');
      const name = `${node.entry.name}/${slash < 0 ? path : path.slice(0, slash)}`;
      if (slash < 0) {
        this.#addItem(builder, { root, name, scope, followLink });
        continue;
      }
      const pending = { path: path.slice(slash + 1), followLink };
      if (last?.entry.name === name) last.pending?.push(pending);
      else last = this.#addImpliedDirectory(builder, root, name, scope, pending);
    }
  }

  /** rsync works inside the directory part of an argument, so it must be one that can be entered. */
  #enterPrefix(prefix: string): boolean {
    if (prefix === this.#checkedPrefix || prefix === '') return true;
    try {
      this.#checkDirectory(prefix);
      this.#checkedPrefix = prefix;
      return true;
    } catch (error) {
      this.#log.systemCall('change_dir', prefix, error);
      return false;
    }
  }

  /** Without the directory that a files-from list is about nothing can be sent. */
  #enterBase(): void {
    const prefix = filesFromPrefix(this.#options.args);
    if (prefix === '') return;
    try {
      this.#checkDirectory(prefix);
    } catch (error) {
      const message = `rsync: [sender] ${this.#log.describe('change_dir', prefix, error)}`;
      throw new RsyncError(message, { code: 'CHANGE_DIR', exitCode: 3, cause: error });
    }
  }

  /** Throws when a prefix is no directory that can be worked in. */
  #checkDirectory(prefix: string): void {
    this.#options.checkPath?.(prefix, true);
    const hidden = this.#options.isHidden?.(prefix, true) === true;
    if (hidden || stat(`${prefix}.`) === undefined) throw statError(`${prefix}.`, true);
  }

  #rootFor(prefix: string): ScopedRoot {
    let root = this.#roots.get(prefix);
    if (root === undefined) {
      root = { prefix, scope: this.#options.filterFor?.(prefix) };
      this.#roots.set(prefix, root);
    }
    return root;
  }
}

/** Whether the directory was just listed: two arguments can lead to it. */
function isSameContent(last: DirectoryNode | undefined, node: DirectoryNode): boolean {
  return last !== undefined && !last.pending && !last.entry.noContent && last.root === node.root;
}

/** The rules for names directly in a directory. */
function scopeInside(node: DirectoryNode): FilterScope | undefined {
  if (!node.scope?.hasMergeRules) return node.scope;
  const { name } = node.entry;
  return node.scope.enter(name.startsWith('/') ? name.slice(1) : name);
}

/** The rules for a relative argument's name: those of every directory above it count. */
function scopeAbove(scope: FilterScope | undefined, name: string): FilterScope | undefined {
  const slash = name.lastIndexOf('/');
  if (!scope?.hasMergeRules || slash <= 0) return scope;
  return scope.enter(name.slice(name.startsWith('/') ? 1 : 0, slash));
}

/** `.`, or `/.` for the root of the file system with `--relative`: its children have no other prefix. */
function isDotName(name: string): boolean {
  return name === '.' || name === '/.';
}
