import { FilterError } from './filter-error.ts';
import type { FilterOptions, RuleNode } from './filter-set.ts';
import { RuleParser } from './parse.ts';
import { CompiledRule } from './pattern.ts';
import type { FilterRule } from './rule.ts';

/** The place of a `:` rule, with the rules that its files have put there so far. */
export interface MergePoint {
  readonly rule: FilterRule;
  readonly nodes: readonly RuleNode[];
  /** No directory has been entered with it: files above, which a path asks for, are still to be read. */
  readonly fresh: boolean;
}

interface Visit {
  readonly directory: string;
  readonly known: Set<string>;
  /** Merge files that led to this one within one directory. */
  readonly depth: number;
}

/** Makes rules ready to match, without the merge rules whose file is `known` already. */
type Compile = (rules: readonly FilterRule[], known: Set<string>) => RuleNode[];

/** A rule file may bring merge rules whose files bring merge rules … this many times. */
const MAX_MERGE_DEPTH = 32;

/**
 * Per-directory rule files (`docs/spec/data.md` §12.4): at each `:` rule the rules of the
 * directory's own file come first, then those of its parents.
 */
export class DirectoryMerges {
  readonly #options: FilterOptions;
  readonly #compile: Compile;

  constructor(options: FilterOptions, compile: Compile) {
    this.#options = options;
    this.#compile = compile;
  }

  /**
   * The nodes that hold inside `directory`, from those that hold in its parent.
   *
   * @param known Names of merge files that have a rule already; those of new rules are added.
   */
  enter(nodes: readonly RuleNode[], directory: string, known: Set<string>): RuleNode[] {
    return this.#enterAll(nodes, { directory, known, depth: 0 });
  }

  #enterAll(nodes: readonly RuleNode[], visit: Visit): RuleNode[] {
    return nodes.map((node) =>
      node instanceof CompiledRule ? node : this.#enterPoint(node, visit),
    );
  }

  #enterPoint(point: MergePoint, visit: Visit): MergePoint {
    const { rule } = point;
    const { noInherit } = rule.merge!;
    const file = mergeFileName(rule);
    if (file === '') return point; // `: DIR/` names no file
    if (visit.depth > MAX_MERGE_DEPTH) {
      throw new FilterError('FILE', 'merge-file include depth limit (32) exceeded');
    }
    let inherited = noInherit ? [] : point.nodes;
    if (point.fresh && rule.pattern.includes('/') && !noInherit) {
      for (const directory of this.#parentsToRead(rule.pattern, visit.directory)) {
        inherited = this.#read(rule, file, inherited, { ...visit, directory });
      }
    }
    return { rule, fresh: false, nodes: this.#read(rule, file, inherited, visit) };
  }

  /** The rules of one directory's file in front of the inherited ones. */
  #read(rule: FilterRule, file: string, above: readonly RuleNode[], visit: Visit): RuleNode[] {
    const { directory, known, depth } = visit;
    const inherited = this.#enterAll(above, visit);
    const path = join(directory, file);
    const bytes = this.#options.readMergeFile(path);
    if (bytes === undefined) return inherited;
    const parser = new RuleParser({
      readFile: (name) => this.#options.readMergeFile(name),
      from0: this.#options.from0,
      deleteExcluded: this.#options.deleteExcluded,
    });
    const outside = directory === '..' || directory.startsWith('../');
    const absolute = this.#absolutePath(directory);
    parser.parseMergeFile(bytes, rule, {
      location: join(absolute === '/' ? '' : absolute, file),
      anchor: outside ? (absolute === '/' ? '' : absolute) : directory && `/${directory}`,
      anchorIsAbsolute: outside,
      // A name with a slash is relative to the file's directory, one without to the transfer root.
      resolve: (name) =>
        name.startsWith('/') || !name.includes('/') ? name : join(directory, name),
    });
    const own = this.#enterAll(this.#compile(parser.rules, known), { ...visit, depth: depth + 1 });
    return parser.cleared ? own : [...own, ...inherited];
  }

  /**
   * Directories above the one entered in which a rule with a path wants to be read, topmost
   * first: from the path, which is relative to that directory, down to its parent.
   */
  #parentsToRead(pattern: string, directory: string): string[] {
    const entered = pathComponents(this.#absolutePath(directory));
    const top = pattern.slice(0, pattern.lastIndexOf('/') + 1);
    const from = pathComponents(top.startsWith('/') ? top : `/${entered.join('/')}/${top}`);
    if (from.some((name, i) => name !== entered[i])) return [];
    const rootDepth = pathComponents(this.#options.rootPath).length;
    const parents: string[] = [];
    for (let depth = from.length; depth < entered.length; depth++) {
      parents.push(
        depth < rootDepth
          ? Array(rootDepth - depth)
              .fill('..')
              .join('/')
          : entered.slice(rootDepth, depth).join('/'),
      );
    }
    return parents;
  }

  /** Absolute path of a directory given relative to the transfer root. */
  #absolutePath(directory: string): string {
    return `/${pathComponents(`${this.#options.rootPath}/${directory}`).join('/')}`;
  }
}

/** The components of an absolute path, with `.` and `..` resolved by name. */
export function pathComponents(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names;
}

/** A merge rule's file; a path in front of it only says where above the transfer to begin. */
export function mergeFileName(rule: FilterRule): string {
  return rule.pattern.slice(rule.pattern.lastIndexOf('/') + 1);
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
