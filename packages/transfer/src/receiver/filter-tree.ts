import type { FilterScope } from '@deltawire/filters';

/**
 * The rules that hold inside each directory of one tree: enters directories one component at a
 * time, so that their merge files are read in order, and keeps the chain of the last one.
 */
export class FilterTree {
  readonly #root: FilterScope;
  #chain: { readonly name: string; readonly scope: FilterScope }[] = [];

  constructor(root: FilterScope) {
    this.#root = root;
  }

  /** Rules for the names directly inside `directory` (a name in the transfer; '' or '.': top). */
  inside(directory: string): FilterScope {
    if (!this.#root.hasMergeRules) return this.#root;
    const top = this.#chain[0] ?? this.#push('', this.#root.enter(''));
    if (directory === '' || directory === '.') return top.scope;
    while (this.#chain.length > 1) {
      const last = this.#chain.at(-1)!;
      if (directory === last.name || directory.startsWith(`${last.name}/`)) break;
      this.#chain.pop();
    }
    let last = this.#chain.at(-1)!;
    while (last.name !== directory) {
      const from = last.name === '' ? 0 : last.name.length + 1;
      const slash = directory.indexOf('/', from);
      const name = slash < 0 ? directory : directory.slice(0, slash);
      last = this.#push(name, last.scope.enter(name));
    }
    return last.scope;
  }

  #push(name: string, scope: FilterScope): { name: string; scope: FilterScope } {
    const link = { name, scope };
    this.#chain.push(link);
    return link;
  }
}
