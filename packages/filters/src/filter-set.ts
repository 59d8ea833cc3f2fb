import { DirectoryMerges, type MergePoint, mergeFileName, pathComponents } from './merge-file.ts';
import { CompiledRule } from './pattern.ts';
import { type FilterRule, ruleSide } from './rule.ts';

export interface FilterOptions {
  /** The side this process plays in the transfer. */
  readonly side: 'sender' | 'receiver';
  readonly deleteExcluded: boolean;
  /**
   * Contents of a merge file, or undefined when there is none (no such file, or not a file).
   * Paths are byte strings relative to the transfer root; files above the root begin with `../`,
   * and a rule in a file may name an absolute path.
   */
  readMergeFile(path: string): Uint8Array | undefined;
  /** Absolute path of the transfer root: what rules with the `/` modifier match against. */
  readonly rootPath: string;
  /** `-0`: rules in files end with NUL. @default false */
  readonly from0?: boolean | undefined;
}

/** The rules that hold in one directory. */
export interface FilterScope {
  /**
   * What the rules say about a name; undefined when none applies, which means include.
   *
   * @param name Path inside the transfer, without a leading slash. The root itself ('' or '.') is
   *   never excluded.
   */
  decide(
    name: string,
    isDirectory: boolean,
    o?: {
      /** Inside a directory that is being deleted, perishable rules do not count. */
      ignorePerishable?: boolean;
    },
  ): 'include' | 'exclude' | undefined;
  /**
   * The rules for names inside `directory` (path inside the transfer; '' or '.' is the root).
   * Reads the merge files of every directory between this scope's and that one. Without merge
   * rules it returns this scope.
   */
  enter(directory: string): FilterScope;
  readonly hasMergeRules: boolean;
  /** There is no rule at all: every name is included. */
  readonly empty: boolean;
}

/** A list of rules, with the lists of per-directory files at their places. */
export type RuleNode = CompiledRule | MergePoint;

/**
 * Rules as one side applies them. The result stands outside of every directory: `enter('')` adds
 * the merge files of the transfer root.
 */
export function createFilter(rules: readonly FilterRule[], options: FilterOptions): FilterScope {
  const merges = new DirectoryMerges(options, (list, known) => compileRules(list, options, known));
  const known = new Set<string>();
  return new FilterSet(compileRules(rules, options, known), merges, known, undefined, undefined);
}

/**
 * Keep what this side applies, ready to match.
 *
 * @param known Names of merge files that have a rule already; the first rule for a name counts, even
 *   if it is the other side's. New names are added.
 */
function compileRules(
  rules: readonly FilterRule[],
  o: FilterOptions,
  known: Set<string>,
): RuleNode[] {
  const root = pathComponents(o.rootPath)
    .map((name) => `${name}/`)
    .join('');
  let nodes: RuleNode[] = [];
  for (const rule of rules) {
    if (rule.action === 'clear') {
      nodes = [];
      known.clear();
      continue;
    }
    if (rule.action === 'merge') {
      const file = mergeFileName(rule);
      if (known.has(file)) continue;
      known.add(file);
    }
    if (rule.xattr) continue;
    const side = ruleSide(rule, o.deleteExcluded);
    if (side !== 'both' && side !== o.side) continue;
    if (rule.action === 'merge') nodes.push({ rule, nodes: [], fresh: true });
    else if (rule.cvs) for (const one of rule.expansion) nodes.push(new CompiledRule(one, root));
    else nodes.push(new CompiledRule(rule, root));
  }
  return nodes;
}

class FilterSet implements FilterScope {
  readonly hasMergeRules: boolean;
  readonly #nodes: readonly RuleNode[];
  readonly #merges: DirectoryMerges;
  /** Names of merge files that have a rule here or further up. */
  readonly #known: ReadonlySet<string>;
  /** Undefined before any directory was entered. */
  readonly #directory: string | undefined;
  /** The scope outside of every directory. */
  readonly #outside: FilterSet;
  /** The nodes as one flat list, in the order in which they are tried. */
  readonly #flat: readonly CompiledRule[];

  constructor(
    nodes: readonly RuleNode[],
    merges: DirectoryMerges,
    known: ReadonlySet<string>,
    directory: string | undefined,
    outside: FilterSet | undefined,
  ) {
    this.#nodes = nodes;
    this.#merges = merges;
    this.#known = known;
    this.#directory = directory;
    this.#outside = outside ?? this;
    this.hasMergeRules = nodes.some((node) => !(node instanceof CompiledRule));
    this.#flat = flatten(nodes, []);
  }

  get empty(): boolean {
    return this.#nodes.length === 0;
  }

  decide(
    name: string,
    isDirectory: boolean,
    o?: { ignorePerishable?: boolean },
  ): 'include' | 'exclude' | undefined {
    const rules = this.#flat;
    if (rules.length === 0 || name === '.' || name === '') return undefined;
    const base = name.lastIndexOf('/') + 1;
    const skipPerishable = o?.ignorePerishable === true;
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i]!;
      if (rule.perishable && skipPerishable) continue;
      if (rule.applies(name, base, isDirectory)) return rule.action;
    }
    return undefined;
  }

  enter(directory: string): FilterScope {
    if (!this.hasMergeRules) return this;
    const target = directory === '.' ? '' : directory;
    if (target === this.#directory) return this;
    let scope: FilterSet = isInside(target, this.#directory) ? this : this.#outside;
    // Without a visit to the root itself, its own files do not count.
    let at = scope.#directory ? scope.#directory.length + 1 : 0;
    while (at < target.length) {
      const slash = target.indexOf('/', at);
      const end = slash < 0 ? target.length : slash;
      scope = scope.#step(target.slice(0, end));
      at = end + 1;
    }
    return target === '' ? scope.#step('') : scope;
  }

  #step(directory: string): FilterSet {
    const known = new Set(this.#known);
    const nodes = this.#merges.enter(this.#nodes, directory, known);
    return new FilterSet(nodes, this.#merges, known, directory, this.#outside);
  }
}

function isInside(directory: string, parent: string | undefined): boolean {
  if (parent === undefined || parent === '') return directory !== '' || parent === undefined;
  return directory.startsWith(`${parent}/`);
}

function flatten(nodes: readonly RuleNode[], into: CompiledRule[]): CompiledRule[] {
  for (const node of nodes) {
    if (node instanceof CompiledRule) into.push(node);
    else flatten(node.nodes, into);
  }
  return into;
}
