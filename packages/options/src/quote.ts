/** What a shell would interpret: escaped in option values and in paths. */
const SHELL_CHARACTERS = ' \t\r\n!#$&;|<>(){}"\'`\\';
/** Escaped in option values only, so that globs in paths still work on the remote side. */
const WILDCARDS = '*?[]';

/** Backslash-escape one option value for the remote shell (docs/spec/session.md §3.5). */
export function quoteOptionValue(text: string): string {
  let quoted = '';
  for (const char of text) {
    if (SHELL_CHARACTERS.includes(char) || WILDCARDS.includes(char)) quoted += '\\';
    quoted += char;
  }
  return quoted;
}

/** Which leading `~` of a path the remote shell must not expand. */
export type TildeRule = 'keep' | 'escape';

/**
 * Backslash-escape one path argument for the remote shell (docs/spec/session.md §3.5): wildcards stay,
 * also ones that are already escaped. A leading dash is the caller's business.
 */
export function quotePath(path: string, tilde: TildeRule): string {
  let quoted = tilde === 'escape' && path.startsWith('~') ? '\\' : '';
  for (let i = 0; i < path.length; i++) {
    const char = path[i]!;
    const next = path[i + 1];
    const escapesWildcard = char === '\\' && next !== undefined && WILDCARDS.includes(next);
    if (SHELL_CHARACTERS.includes(char) && !escapesWildcard) quoted += '\\';
    quoted += char;
  }
  return quoted;
}

/** Undo {@link quoteOptionValue}, as a daemon does with the option strings it gets. */
export function unquoteArgument(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}
