import type { FilterScope } from '@deltawire/filters';
import type { FileEntry } from '@deltawire/protocol';
import type { SourceRoot } from './source-root.ts';

/** A part of a relative argument that is still to be sent, below some implied directory. */
export interface PendingName {
  /** Relative to that directory. */
  readonly path: string;
  readonly followLink: boolean;
}

/** A directory that may still have to be listed. */
export interface DirectoryNode {
  readonly entry: FileEntry;
  readonly root: SourceRoot;
  /** The rules that hold for its own name; those inside come from `scope.enter`. */
  readonly scope: FilterScope | undefined;
  /** `-x`: the file system of the argument it was found under. */
  readonly device: bigint | undefined;
  /** Implied by relative arguments: only these are sent, not what else is in it. */
  readonly pending: PendingName[] | undefined;
  /** Its number in the directory list; -1 until its list is complete. */
  d: number;
}

/** Collects the entries of one list in sending order. */
export class ListBuilder {
  readonly entries: FileEntry[] = [];
  /** Parallel to `entries`. */
  readonly roots: SourceRoot[] = [];
  readonly #nodes = new Map<FileEntry, DirectoryNode>();
  readonly #start: number;

  /** `start` is the wire index of the first entry. */
  constructor(start: number) {
    this.#start = start;
  }

  /** The wire index of the entry that is added next. */
  get nextIndex(): number {
    return this.#start + this.entries.length;
  }

  add(entry: FileEntry, root: SourceRoot): void {
    this.entries.push(entry);
    this.roots.push(root);
  }

  addDirectory(node: DirectoryNode): void {
    this.add(node.entry, node.root);
    this.#nodes.set(node.entry, node);
  }

  nodeOf(entry: FileEntry): DirectoryNode | undefined {
    return this.#nodes.get(entry);
  }

  /** Most lists have one root for everything. */
  get commonRoots(): SourceRoot | readonly SourceRoot[] {
    const first = this.roots[0];
    return first !== undefined && this.roots.every((root) => root === first) ? first : this.roots;
  }
}
