import { createRule, type FilterRule } from './rule.ts';

/** The names CVS ignores (`docs/spec/data.md` §12.4). */
export const CVS_PATTERNS: readonly string[] = (
  'RCS SCCS CVS CVS.adm RCSLOG cvslog.* tags TAGS .make.state .nse_depinfo ' +
  '*~ #* .#* ,* _$* *$ *.old *.bak *.BAK *.orig *.rej .del-* *.a *.olb *.o *.obj *.so *.exe ' +
  '*.Z *.elc *.ln core .svn/ .git/ .hg/ .bzr/'
).split(' ');

/** Where the words after the built-in list come from; file contents and values as byte strings. */
export interface CvsSources {
  /** Contents of `$HOME/.cvsignore`. */
  readonly home?: string | undefined;
  /** Value of `$CVSIGNORE`. */
  readonly environment?: string | undefined;
  /** Protocol version; the built-in names are perishable from 30 on. */
  readonly protocol: number;
}

/**
 * The list that a `C` rule stands for: built-in names, `$HOME/.cvsignore`, `$CVSIGNORE`, each word
 * with the modifiers of `rule`. The word `!` drops what came before it.
 */
export function expandCvsRule(rule: FilterRule, sources: CvsSources): FilterRule[] {
  const action = rule.action === 'include' ? 'include' : 'exclude';
  const one = (word: string, perishable: boolean): FilterRule => {
    const directoryOnly = word.length > 1 && word.endsWith('/');
    return createRule(action, directoryOnly ? word.slice(0, -1) : word, {
      ...rule,
      cvs: false,
      expansion: [],
      directoryOnly,
      perishable: perishable || rule.perishable,
    });
  };
  const rules = CVS_PATTERNS.map((word) => one(word, sources.protocol >= 30));
  for (const text of [sources.home, sources.environment]) {
    for (const word of splitWords(text ?? '')) {
      if (word === '!') rules.length = 0;
      else rules.push(one(word, false));
    }
  }
  return rules;
}

/** Split at what C calls white space: blank, tab, newline, vertical tab, form feed, return. */
export function splitWords(text: string): string[] {
  return text.split(/[ \t\n\v\f\r]+/).filter((word) => word !== '');
}
