import { FilterError } from './filter-error.ts';
import { createRule, type FilterRule } from './rule.ts';

/**
 * One rule as it stands in the text, before anything is done about it. `import` is a `.` merge:
 * its pattern is the file to read here and now.
 */
export interface ParsedRule {
  readonly kind: 'rule' | 'import';
  readonly rule: FilterRule;
  /** `e`: the merge file itself is excluded. */
  readonly excludeSelf: boolean;
}

/** How the rules of a file or option are written. */
export type RuleContent =
  /** `- *.o`, `hide,p x`: the whole syntax. */
  | 'rules'
  /** Bare patterns that may begin with `- ` or `+ `: `--exclude`, `--include` and their files. */
  | 'prefixed-include'
  | 'prefixed-exclude'
  /** Bare patterns and nothing else: merge files with the modifier `+` or `-`. */
  | 'include'
  | 'exclude';

/** The rule types (`docs/spec/data.md` §12.1): what each makes and which modifiers it takes. */
interface RuleType {
  readonly action: FilterRule['action'] | 'import';
  readonly side?: 'sender' | 'receiver';
  readonly modifiers: string;
}

const types: Readonly<Record<string, RuleType>> = {
  '-': { action: 'exclude', modifiers: '/!Csrpx' },
  '+': { action: 'include', modifiers: '/!Csrpx' },
  H: { action: 'exclude', side: 'sender', modifiers: '/!px' },
  S: { action: 'include', side: 'sender', modifiers: '/!px' },
  P: { action: 'exclude', side: 'receiver', modifiers: '/!px' },
  R: { action: 'include', side: 'receiver', modifiers: '/!px' },
  '.': { action: 'import', modifiers: '/Csrpxenw+-' },
  ':': { action: 'merge', modifiers: '/Csrpxenw+-' },
  '!': { action: 'clear', modifiers: '' },
};

const longNames: Readonly<Record<string, string>> = {
  exclude: '-',
  include: '+',
  hide: 'H',
  show: 'S',
  protect: 'P',
  risk: 'R',
  merge: '.',
  'dir-merge': ':',
  clear: '!',
};

/** Longest pattern that is kept, in bytes; longer ones are dropped with a message. */
export const MAX_PATTERN_BYTES = 4095;

const isSpace = (c: string): boolean => /[ \t\n\v\f\r]/.test(c);

/**
 * Read one rule that starts at `start`.
 *
 * @param shown How error messages name the rule: its text, or `<rule from FILE line N>`.
 * @param wordSplit The pattern ends at white space (daemon parameters hold several rules).
 * @returns The rule, and where the next one may start.
 */
export function readRule(
  text: string,
  start: number,
  content: RuleContent,
  wordSplit: boolean,
  shown: string,
): { parsed: ParsedRule; end: number } {
  const wordEnd = (from: number): number => {
    if (!wordSplit) return text.length;
    let end = from;
    while (end < text.length && !isSpace(text[end]!)) end++;
    return end;
  };
  const syntaxError = (what: string): FilterError => new FilterError('SYNTAX', `${what}: ${shown}`);

  if (content !== 'rules') {
    let action = content.endsWith('include') ? ('include' as const) : ('exclude' as const);
    let at = start;
    if (content.startsWith('prefixed')) {
      const prefix = text.slice(start, start + 2);
      if (prefix === '- ' || prefix === '+ ') {
        action = prefix === '- ' ? 'exclude' : 'include';
        at += 2;
      }
    }
    const end = wordEnd(at);
    if (content.startsWith('prefixed') && text.slice(start, end) === '!') {
      return { parsed: plain(createRule('clear', '')), end };
    }
    if (end === at) throw syntaxError('unexpected end of filter rule');
    return { parsed: plain(patternRule(action, text.slice(at, end), {})), end };
  }

  const name = ruleName(text, start);
  const type = name === undefined ? undefined : types[longNames[name] ?? name];
  if (name === undefined || type === undefined) throw syntaxError('Unknown filter rule');
  let at = start + name.length;
  if (type.action === 'clear') {
    if (wordEnd(at) > at) throw syntaxError("'!' rule has trailing characters");
    return { parsed: plain(createRule('clear', '')), end: at };
  }
  if (text[at] === ',') at++;
  const seen = new Set<string>();
  for (; at < text.length && text[at] !== ' ' && text[at] !== '_'; at++) {
    const modifier = text[at]!;
    // A merge file is read in one way only.
    const clash = isMerge(type) && '+-C'.includes(modifier) && [...'+-C'].some((m) => seen.has(m));
    if (clash || !type.modifiers.includes(modifier)) {
      throw syntaxError(`invalid modifier '${modifier}' at position ${at - start} in filter rule`);
    }
    seen.add(modifier);
  }
  at = Math.min(at + 1, text.length);
  const end = wordEnd(at);
  const pattern = text.slice(at, end);
  if (pattern === '' && !seen.has('C')) throw syntaxError('unexpected end of filter rule');
  return { parsed: assemble(type, seen, pattern), end };
}

const isMerge = (type: RuleType): boolean => type.action === 'merge' || type.action === 'import';

const plain = (rule: FilterRule): ParsedRule => ({ kind: 'rule', rule, excludeSelf: false });

/** The rule's name at `start`: a long name that is a whole word, or one character. */
function ruleName(text: string, start: number): string | undefined {
  const word = /^[a-z-]+(?=[ _,\s]|$)/.exec(text.slice(start, start + 16))?.[0];
  if (word !== undefined && Object.hasOwn(longNames, word)) return word;
  const c = text[start];
  return c !== undefined && Object.hasOwn(types, c) ? c : undefined;
}

function assemble(type: RuleType, seen: ReadonlySet<string>, pattern: string): ParsedRule {
  const cvs = seen.has('C');
  const flags = {
    absolute: seen.has('/'),
    negated: seen.has('!'),
    xattr: seen.has('x'),
    sender: seen.has('s') || type.side === 'sender',
    receiver: seen.has('r') || type.side === 'receiver',
    perishable: seen.has('p'),
    cvs,
  };
  if (!isMerge(type)) {
    const action = type.action === 'include' ? 'include' : 'exclude';
    return plain(cvs ? createRule(action, '', flags) : patternRule(action, pattern, flags));
  }
  const merge = {
    content: seen.has('+')
      ? ('include' as const)
      : cvs || seen.has('-')
        ? ('exclude' as const)
        : ('rules' as const),
    wordSplit: cvs || seen.has('w'),
    noInherit: cvs || seen.has('n'),
  };
  return {
    kind: type.action === 'import' ? 'import' : 'rule',
    rule: createRule('merge', pattern === '' ? '.cvsignore' : pattern, { ...flags, merge }),
    excludeSelf: seen.has('e'),
  };
}

/** An include or exclude; a trailing slash becomes `directoryOnly`. */
export function patternRule(
  action: 'include' | 'exclude',
  text: string,
  flags: Partial<FilterRule>,
): FilterRule {
  const directoryOnly = text.length > 1 && text.endsWith('/');
  return createRule(action, directoryOnly ? text.slice(0, -1) : text, { ...flags, directoryOnly });
}
