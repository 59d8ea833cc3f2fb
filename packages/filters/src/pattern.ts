import type { FilterRule } from './rule.ts';
import { compileWild, matchWild, type WildPattern } from './wildmatch.ts';

/** What a pattern needs to be compared with (`docs/spec/data.md` §12.2), decided once per rule. */
type MatchKind =
  /** The last component equals, begins with, ends with the text. */
  | 'name'
  | 'name-prefix'
  | 'name-suffix'
  /** The last component matches the wildcards. */
  | 'name-wild'
  /** The whole path equals the text, or ends in it at the start of a component. */
  | 'path'
  | 'path-tail'
  /** The wildcards match the whole path, its last components, or any tail of it. */
  | 'path-wild'
  | 'path-wild-tail'
  | 'path-wild-anywhere';

const WILDCARDS = /[*?[]/;

/** An include or exclude rule, ready to match names. */
export class CompiledRule {
  readonly action: 'include' | 'exclude';
  readonly perishable: boolean;
  readonly #negated: boolean;
  readonly #directoryOnly: boolean;
  readonly #kind: MatchKind;
  /** What literal kinds compare with. */
  readonly #literal: string;
  readonly #wild: WildPattern;
  /** Components of the path that `path-wild-tail` looks at. */
  readonly #components: number;
  /** In front of the name: the absolute path of the transfer root, for absolute rules. */
  readonly #root: string;
  /** The path is matched with a slash in front (`**…`), or behind a directory (`…***`). */
  readonly #slashBefore: boolean;
  readonly #slashAfter: boolean;

  /** @param root Absolute path of the transfer root without its leading slash, ending in one. */
  constructor(rule: FilterRule, root: string) {
    this.action = rule.action === 'include' ? 'include' : 'exclude';
    this.perishable = rule.perishable;
    this.#negated = rule.negated;
    this.#directoryOnly = rule.directoryOnly;
    this.#root = rule.absolute ? root : '';
    const anchored = rule.pattern.startsWith('/');
    const pattern = anchored ? rule.pattern.slice(1) : rule.pattern;
    this.#kind = chooseKind(pattern, anchored);
    this.#literal = literalPart(pattern, this.#kind);
    this.#wild = compileWild(this.#kind.includes('wild') ? pattern : '');
    this.#components = pattern.split('/').length;
    const spans = this.#kind.startsWith('path-wild');
    this.#slashBefore = spans && !anchored && pattern.startsWith('**');
    this.#slashAfter = spans && pattern.endsWith('***');
  }

  /**
   * Does the rule apply to this name?
   *
   * @param name Path inside the transfer.
   * @param base Index of its last component.
   */
  applies(name: string, base: number, isDirectory: boolean): boolean {
    // A directory-only rule does not match a file, which a negated rule turns round.
    if (this.#directoryOnly && !isDirectory) return this.#negated;
    return this.#matches(name, base, isDirectory) !== this.#negated;
  }

  #matches(name: string, base: number, isDirectory: boolean): boolean {
    const literal = this.#literal;
    switch (this.#kind) {
      case 'name':
        return name.length - base === literal.length && name.endsWith(literal);
      case 'name-prefix':
        return name.startsWith(literal, base);
      case 'name-suffix':
        return name.length - base >= literal.length && name.endsWith(literal);
      case 'name-wild':
        return matchWild(this.#wild, name, base);
      case 'path':
        return this.#root === '' ? name === literal : this.#root + name === literal;
      case 'path-tail': {
        const path = this.#root + name;
        if (!path.endsWith(literal)) return false;
        return path.length === literal.length || path[path.length - literal.length - 1] === '/';
      }
      default:
        return this.#matchesWildPath(name, isDirectory);
    }
  }

  #matchesWildPath(name: string, isDirectory: boolean): boolean {
    let path = this.#root + name;
    if (this.#slashBefore) path = `/${path}`;
    if (this.#slashAfter && isDirectory) path += '/';
    if (this.#kind === 'path-wild') return matchWild(this.#wild, path);
    if (this.#kind === 'path-wild-tail')
      return matchWild(this.#wild, path, tailStart(path, this.#components));
    for (let at = 0; ; ) {
      if (matchWild(this.#wild, path, at)) return true;
      at = path.indexOf('/', at) + 1;
      if (at === 0 || at >= path.length) return false;
    }
  }
}

function chooseKind(pattern: string, anchored: boolean): MatchKind {
  const wild = WILDCARDS.test(pattern);
  const deep = pattern.includes('**');
  if (!anchored && !pattern.includes('/') && !deep) {
    if (!wild) return 'name';
    if (/^[^*?[\\]*\*$/.test(pattern)) return 'name-prefix';
    if (/^\*[^*?[\\]*$/.test(pattern)) return 'name-suffix';
    return 'name-wild';
  }
  if (!wild) return anchored ? 'path' : 'path-tail';
  if (anchored || pattern.startsWith('**')) return 'path-wild';
  return deep ? 'path-wild-anywhere' : 'path-wild-tail';
}

/** What a pattern's kind compares with: the pattern, or what is left of it without its star. */
function literalPart(pattern: string, kind: MatchKind): string {
  if (kind === 'name-prefix') return pattern.slice(0, -1);
  return kind === 'name-suffix' ? pattern.slice(1) : pattern;
}

/** Index at which the last `count` components of a path begin. */
function tailStart(path: string, count: number): number {
  let at = path.length;
  for (let n = 0; n < count && at > 0; n++) at = path.lastIndexOf('/', at - 1);
  return at <= 0 ? 0 : at + 1;
}
