import { FilterError } from './filter-error.ts';
import type { FilterOptions, RuleNode } from './filter-set.ts';
import { RuleParser } from './parse.ts';
import { CompiledRule } from './pattern.ts';
import type { FilterRule } from './rule.ts';

/** The place of a `:` rule, with the rules that its files have put there so far. */
export interface MergePoint {
  readonly rule: FilterRule;
  readonly nodes: readonly RuleNode[];
}

/** A rule file may bring merge rules whose files bring merge rules … this many times. */
const MAX_MERGE_DEPTH = 32;

/**
 * Per-directory rule files (`docs/spec/data.md` §12.4): at each `:` rule the rules of the
 * directory's own file come first, then those of its parents.
 */
export class DirectoryMerges {
  readonly #options: FilterOptions;
  readonly #compile: (rules: readonly FilterRule[]) => RuleNode[];

  constructor(options: FilterOptions, compile: (rules: readonly FilterRule[]) => RuleNode[]) {
    this.#options = options;
    this.#compile = compile;
  }

  /**
   * The nodes that hold inside `directory`, from those that hold in its parent.
   *
   * @param first No directory has been entered before: files above it that a rule with a path
   *   asks for (`: /.rules`) are read as well.
   */
  enter(nodes: readonly RuleNode[], directory: string, first: boolean): RuleNode[] {
    return nodes.map((node) => this.#enterNode(node, directory, first, []));
  }

  /** @param reading Names of the merge rules in whose files this node was found just now. */
  #enterNode(
    node: RuleNode,
    directory: string,
    first: boolean,
    reading: readonly string[],
  ): RuleNode {
    if (node instanceof CompiledRule) return node;
    const { rule } = node;
    const file = basename(rule.pattern);
    // `: DIR/` names no file. A file that asks for itself has been read already.
    if (file === '' || reading.includes(file)) return node;
    if (reading.length >= MAX_MERGE_DEPTH) {
      throw new FilterError('FILE', 'merge-file include depth limit (32) exceeded');
    }
    let inherited = rule.merge!.noInherit ? [] : this.#enterAll(node.nodes, directory, []);
    if (first && rule.pattern.includes('/') && !rule.merge!.noInherit) {
      for (const parent of this.#parentsToRead(rule.pattern, directory)) {
        inherited = this.#read(rule, parent, file, inherited, []);
      }
    }
    return { rule, nodes: this.#read(rule, directory, file, inherited, [...reading, file]) };
  }

  #enterAll(nodes: readonly RuleNode[], directory: string, reading: readonly string[]): RuleNode[] {
    return nodes.map((node) => this.#enterNode(node, directory, false, reading));
  }

  /** The rules of one directory's file in front of the inherited ones. */
  #read(
    rule: FilterRule,
    directory: string,
    file: string,
    inherited: RuleNode[],
    reading: readonly string[],
  ): RuleNode[] {
    const path = join(directory, file);
    const bytes = this.#options.readMergeFile(path);
    if (bytes === undefined) return inherited;
    const parser = new RuleParser({
      readFile: (name) => this.#options.readMergeFile(name),
      from0: this.#options.from0,
      deleteExcluded: this.#options.deleteExcluded,
    });
    const above = directory === '..' || directory.startsWith('../');
    const absolute = this.#absolutePath(directory);
    parser.parseMergeFile(bytes, rule, {
      location: join(absolute === '/' ? '' : absolute, file),
      anchor: above ? (absolute === '/' ? '' : absolute) : directory && `/${directory}`,
      anchorIsAbsolute: above,
      // A name with a slash is relative to the file's directory, one without to the transfer root.
      resolve: (name) =>
        name.startsWith('/') || !name.includes('/') ? name : join(directory, name),
    });
    const own = this.#enterAll(this.#compile(parser.rules), directory, reading);
    return parser.cleared ? own : [...own, ...inherited];
  }

  /**
   * Directories above the first one entered in which a rule with a path wants to be read, topmost
   * first: from the path, which is relative to that directory, down to its parent.
   */
  #parentsToRead(pattern: string, directory: string): string[] {
    const entered = components(this.#absolutePath(directory));
    const top = pattern.slice(0, pattern.lastIndexOf('/') + 1);
    const from = components(top.startsWith('/') ? top : `/${entered.join('/')}/${top}`);
    if (from.some((name, i) => name !== entered[i])) return [];
    const rootDepth = components(this.#options.rootPath).length;
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
    return `/${components(`${this.#options.rootPath}/${directory}`).join('/')}`;
  }
}

/** The components of an absolute path, with `.` and `..` resolved by name. */
function components(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names;
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
