import { OptionError } from './option-error.ts';

/**
 * Split the value of `--rsh` into words as rsync does (docs/spec/session.md §3.2): on spaces; single
 * or double quotes group, a doubled quote inside the same quotes stands for itself, and a backslash
 * means nothing.
 */
export function splitShellCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== '') {
      if (char !== quote) word = (word ?? '') + char;
      else if (text[i + 1] === quote) word = (word ?? '') + text[i++];
      else quote = '';
    } else if (char === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') {
    throw new OptionError(`Missing trailing-${quote} in remote-shell command.`, 'INVALID_VALUE');
  }
  if (word !== undefined) words.push(word);
  return words;
}
