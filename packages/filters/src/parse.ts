import { expandCvsRule, splitWords } from './cvs-ignore.ts';
import { FilterError } from './filter-error.ts';
import { createRule, type FilterRule } from './rule.ts';
import { MAX_PATTERN_BYTES, patternRule, type RuleContent, readRule } from './rule-syntax.ts';

/** What the command line collected, in order. Patterns and paths are byte strings. */
export type FilterDirective =
  | { readonly kind: 'filter'; readonly text: string }
  | { readonly kind: 'exclude' | 'include'; readonly pattern: string }
  | { readonly kind: 'exclude-from' | 'include-from'; readonly path: string }
  /** `-C` */
  | { readonly kind: 'cvs' }
  /** `-F`, and the second `-F` */
  | { readonly kind: 'per-dir' | 'per-dir-hide' };

/**
 * Contents of a rule file; undefined when there is no such file, or the reason why it cannot be read.
 * Other failures throw.
 */
export type ReadFile = (path: string) => Uint8Array | { readonly reason: string } | undefined;

export interface ParseOptions {
  readonly readFile: ReadFile;
  /** `-0`: rules in files end with NUL instead of a line end. @default false */
  readonly from0?: boolean | undefined;
  /** `--delete-excluded`: rules without a side become sender rules. @default false */
  readonly deleteExcluded?: boolean | undefined;
  /** Value of `$CVSIGNORE`, as a byte string. */
  readonly cvsIgnore?: string | undefined;
  /** Contents of `$HOME/.cvsignore`, as a byte string. */
  readonly homeCvsIgnore?: string | undefined;
  /** Protocol version, where it matters (CVS names are perishable from 30 on). @default 32 */
  readonly protocol?: number | undefined;
  /** Told about rules that are dropped, in rsync's words. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A file may name a file that names a file … this many times. */
const MAX_MERGE_DEPTH = 32;

/** What the rules of a merged file take over from the rule that named it. */
interface Heritage {
  readonly absolute: boolean;
  readonly perishable: boolean;
  readonly sender: boolean;
  readonly receiver: boolean;
}

const NOTHING: Heritage = { absolute: false, perishable: false, sender: false, receiver: false };

/** Collects rules from options, rule strings and files. One parser builds one list. */
export class RuleParser {
  readonly #options: ParseOptions;
  /** The list so far. */
  readonly rules: FilterRule[] = [];
  /** A `!` dropped what came before this list, not only rules of it. */
  cleared: boolean = false;
  /** Put in front of anchored patterns that stand directly in the file of `parseFile`. */
  #anchor = '';
  /** Where that anchor makes an absolute path, because the file is above the transfer root. */
  #anchorIsAbsolute = false;
  /** Maps the name in a `.` rule to the file to read. */
  #resolve: (name: string) => string = (name) => name;

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  /** One option value. An empty one is no rule. */
  parseText(text: string, content: RuleContent): void {
    if (text !== '') this.#parseOne(text, content, text, NOTHING, 0);
  }

  /** A string of rules separated by white space: the parameters of a daemon module. */
  parseWords(text: string, content: RuleContent): void {
    for (let at = 0; ; ) {
      while (at < text.length && splitWords(text[at]!).length === 0) at++;
      if (at >= text.length) return;
      const { parsed, end } = readRule(text, at, content, true, text.slice(at));
      this.#add(parsed, text.slice(at, end), NOTHING, 0);
      at = end;
    }
  }

  /** A file named by an option, which must exist. */
  parseNamedFile(path: string, content: RuleContent): void {
    const bytes = this.#read(path, content, path, undefined);
    this.#parseLines(bytes, content, false, path, NOTHING, 0);
  }

  /** The per-directory file of a `merge` rule. */
  parseMergeFile(
    bytes: Uint8Array,
    rule: FilterRule,
    o: {
      /** How messages call the file. */
      location: string;
      anchor: string;
      anchorIsAbsolute: boolean;
      resolve: (name: string) => string;
    },
  ): void {
    this.#anchor = o.anchor;
    this.#anchorIsAbsolute = o.anchorIsAbsolute;
    this.#resolve = o.resolve;
    const style = rule.merge!;
    this.#parseLines(bytes, style.content, style.wordSplit, o.location, rule, 0, rule.cvs);
  }

  #parseLines(
    bytes: Uint8Array,
    content: RuleContent,
    wordSplit: boolean,
    location: string,
    heritage: Heritage,
    depth: number,
    cvs: boolean = false,
  ): void {
    const text = bytesToByteString(bytes);
    const lines = text.split(this.#options.from0 ? '\0' : /\r\n|\n|\r/);
    // Rules of a file that a file named are not told apart by line: its contents stay unseen.
    const numbered = !wordSplit && depth === 0;
    for (const [index, line] of lines.entries()) {
      if (wordSplit) {
        for (const word of splitWords(line)) {
          if (cvs && word === '!') this.#clear();
          else this.#parseOne(word, content, `<rule from ${location}>`, heritage, depth);
        }
      } else if (line !== '' && line[0] !== '#' && line[0] !== ';') {
        const where = numbered ? `${location} line ${index + 1}` : location;
        this.#parseOne(line, content, `<rule from ${where}>`, heritage, depth);
      }
    }
  }

  #parseOne(
    text: string,
    content: RuleContent,
    shown: string,
    heritage: Heritage,
    depth: number,
  ): void {
    this.#add(readRule(text, 0, content, false, shown).parsed, shown, heritage, depth);
  }

  #add(
    { kind, rule: read, excludeSelf }: ReturnType<typeof readRule>['parsed'],
    shown: string,
    heritage: Heritage,
    depth: number,
  ): void {
    if (read.action === 'clear') {
      this.#clear();
      return;
    }
    const rule = this.#inherit(read, shown, heritage, depth);
    if (rule.pattern.length > MAX_PATTERN_BYTES) {
      this.#options.onWarning?.(`discarding over-long filter: ${rule.pattern.slice(0, 128)}[...]`);
      return;
    }
    if (excludeSelf) {
      const basename = rule.pattern.slice(rule.pattern.lastIndexOf('/') + 1);
      this.rules.push(patternRule('exclude', basename, {}));
    }
    if (kind === 'import') this.#import(rule, shown, depth);
    else if (rule.cvs && rule.action !== 'merge') {
      this.rules.push({ ...rule, expansion: expandCvsRule(rule, this.#cvsSources()) });
    } else this.rules.push(rule);
  }

  /** Apply what the naming rule, the directory and `--delete-excluded` say about a rule. */
  #inherit(rule: FilterRule, shown: string, heritage: Heritage, depth: number): FilterRule {
    let { pattern, absolute, sender, receiver } = rule;
    if (heritage.sender || heritage.receiver) {
      if (sender || receiver) {
        throw new FilterError(
          'SYNTAX',
          `specified-side merge file contains specified-side filter: ${shown}`,
        );
      }
      ({ sender, receiver } = heritage);
    }
    absolute ||= heritage.absolute;
    if (rule.action !== 'merge') {
      if (!absolute && depth === 0 && pattern.startsWith('/')) {
        pattern = this.#anchor + pattern;
        absolute = this.#anchorIsAbsolute;
      }
      if (this.#options.deleteExcluded && !sender && !receiver) sender = true;
    }
    const perishable = rule.perishable || heritage.perishable;
    return { ...rule, pattern, absolute, sender, receiver, perishable };
  }

  /** The bytes of a file that must be there; messages call it `name`, or are all of them `hidden`. */
  #read(file: string, content: RuleContent, name: string, hidden: string | undefined): Uint8Array {
    const found = this.#options.readFile(file) ?? { reason: 'No such file or directory (2)' };
    if (!('reason' in found)) return found;
    const kind = content.includes('include') ? 'include' : 'exclude';
    throw new FilterError(
      'FILE',
      `failed to open ${kind} file ${hidden ?? `${name}: ${found.reason}`}`,
    );
  }

  /** Read the file of a `.` rule in place. */
  #import(rule: FilterRule, shown: string, depth: number): void {
    const fromFile = shown.startsWith('<rule from ');
    if (depth >= MAX_MERGE_DEPTH) {
      throw new FilterError('FILE', `merge-file include depth limit (32) exceeded at ${shown}`);
    }
    // A rule that came from a file is not quoted: the reader may not be allowed to see it.
    const hidden = fromFile ? shown : undefined;
    const file = this.#resolve(rule.pattern);
    const bytes = this.#read(file, rule.merge!.content, rule.pattern, hidden);
    const location = fromFile ? `a file named at ${shown.slice(11, -1)}` : rule.pattern;
    const { content, wordSplit } = rule.merge!;
    // Depth 0 is a file that an option or a directory names; only there anchors are relative to it.
    this.#parseLines(bytes, content, wordSplit, location, rule, depth + Number(fromFile), rule.cvs);
  }

  #clear(): void {
    this.rules.length = 0;
    this.cleared = true;
  }

  #cvsSources(): { home: string | undefined; environment: string | undefined; protocol: number } {
    const { homeCvsIgnore, cvsIgnore, protocol = 32 } = this.#options;
    return { home: homeCvsIgnore, environment: cvsIgnore, protocol };
  }
}

/**
 * The rule list of a command line.
 *
 * `-C` adds its two rules at the end of the list, wherever it stands.
 *
 * @throws FilterError for a malformed rule (exit 1) or a missing file (exit 11)
 */
export function parseDirectives(
  directives: readonly FilterDirective[],
  options: ParseOptions,
): FilterRule[] {
  const parser = new RuleParser(options);
  let cvs = false;
  for (const directive of directives) {
    switch (directive.kind) {
      case 'filter':
        parser.parseText(directive.text, 'rules');
        break;
      case 'exclude':
      case 'include':
        parser.parseText(directive.pattern, `prefixed-${directive.kind}`);
        break;
      case 'exclude-from':
        parser.parseNamedFile(directive.path, 'prefixed-exclude');
        break;
      case 'include-from':
        parser.parseNamedFile(directive.path, 'prefixed-include');
        break;
      case 'cvs':
        cvs = true;
        break;
      case 'per-dir':
        parser.parseText(': /.rsync-filter', 'rules');
        break;
      case 'per-dir-hide':
        parser.parseText('- .rsync-filter', 'rules');
        break;
    }
  }
  if (cvs) {
    const before = parser.rules.length;
    parser.parseText(':C', 'rules');
    parser.parseText('-C', 'rules');
    for (let i = before; i < parser.rules.length; i++) {
      parser.rules[i] = { ...parser.rules[i]!, fromCvsOption: true };
    }
  }
  return parser.rules;
}

/**
 * A rule received from a client. Below protocol 29 only the prefixes `- ` and `+ ` and a lone `!`
 * are known. The result begins with a `clear` rule when the text drops all earlier rules.
 *
 * A server passes a `readFile` that says what a client may make it read; by default nothing.
 */
export function parseWireRule(
  text: string,
  protocol: number,
  options: Partial<ParseOptions> = {},
): FilterRule[] {
  const parser = new RuleParser({ readFile: () => undefined, ...options, protocol });
  parser.parseText(text, protocol >= 29 ? 'rules' : 'prefixed-exclude');
  return parser.cleared ? [createRule('clear', ''), ...parser.rules] : parser.rules;
}

/** Names are bytes: each byte becomes one char code. */
function bytesToByteString(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}
