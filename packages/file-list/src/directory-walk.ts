import type { DirectoryNode } from './list-builder.ts';

/** Directories beside each other, of which some are still to be listed. */
interface Level {
  readonly nodes: readonly DirectoryNode[];
  next: number;
}

/**
 * The order in which incremental recursion lists directories: the first child of the one just listed,
 * else its next sibling, else the next sibling of the nearest ancestor (docs/spec/data.md §3.12).
 */
export class DirectoryWalk {
  readonly #levels: Level[] = [];

  /** The sub-directories, sorted, of the directory that was taken last. */
  push(nodes: readonly DirectoryNode[]): void {
    if (nodes.length > 0) this.#levels.push({ nodes, next: 0 });
  }

  /** The next directories of the same name, which share one list; empty at the end. */
  take(): DirectoryNode[] {
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const group = takeGroup(level);
      if (group.length > 0) return group;
      this.#levels.pop();
    }
    return [];
  }

  get hasMore(): boolean {
    return this.#levels.some((level) => level.next < level.nodes.length);
  }
}

function takeGroup(level: Level): DirectoryNode[] {
  const start = level.next;
  const name = level.nodes[start]?.entry.name;
  while (level.nodes[level.next]?.entry.name === name && level.next < level.nodes.length) {
    level.next++;
  }
  return level.nodes.slice(start, level.next);
}
