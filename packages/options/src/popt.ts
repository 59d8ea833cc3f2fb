import { OptionError, type OptionErrorCode } from './option-error.ts';
import type { OptionRow } from './option-row.ts';

/** One option found on a command line. */
export interface FoundOption {
  readonly row: OptionRow;
  readonly negated: boolean;
  /** The argument; empty for an option that takes none. */
  readonly value: string;
}

/** Handles what {@link walkArguments} finds, in order. */
export interface ArgumentVisitor {
  option(found: FoundOption): void;
  /** An argument that is not an option; `index` is its place in the command line. */
  argument(text: string, index: number): void;
  /** Shape a message: `problem` is such as `unknown option`, `word` the argument at fault. */
  message(word: string, problem: string): string;
}

interface Spellings {
  readonly long: ReadonlyMap<string, { row: OptionRow; negated: boolean }>;
  readonly short: ReadonlyMap<string, OptionRow>;
}

/** Index a table by every spelling. Names are never abbreviated: rsync does not allow it. */
export function indexTable(table: readonly OptionRow[]): Spellings {
  const long = new Map<string, { row: OptionRow; negated: boolean }>();
  const short = new Map<string, OptionRow>();
  for (const row of table) {
    for (const name of [row.name, ...row.aliases])
      if (name !== '') long.set(name, { row, negated: false });
    for (const name of row.negations) long.set(name, { row, negated: true });
    if (row.short !== '') short.set(row.short, row);
  }
  return { long, short };
}

/** A C `int` as strtol reads it: decimal, hex or octal, blanks in front, nothing after; or empty. */
const INTEGER = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/;

/**
 * Walk `argv` as popt does for rsync: options and other arguments may be mixed, letters may be
 * bundled (`-avz`), a letter's argument may follow directly, after `=` or as the next word, a long
 * option's after `=` or as the next word, and `--` ends the options. A lone `-` is an argument.
 */
export function walkArguments(
  argv: readonly string[],
  spellings: Spellings,
  visitor: ArgumentVisitor,
): void {
  const failure = (word: string, problem: string, code: OptionErrorCode): OptionError =>
    new OptionError(visitor.message(word, problem), code);
  let next = 0;

  const found = (
    row: OptionRow,
    negated: boolean,
    word: string,
    attached: string | undefined,
  ): void => {
    if (negated || row.argument === undefined) {
      if (attached !== undefined) {
        throw failure(word, 'option does not take an argument', 'UNEXPECTED_ARGUMENT');
      }
      visitor.option({ row, negated, value: '' });
      return;
    }
    const value = attached ?? argv[next++];
    if (value === undefined) throw failure(word, 'missing argument', 'MISSING_ARGUMENT');
    if (row.integer) checkInteger(value, attached === undefined ? value : word);
    visitor.option({ row, negated, value });
  };

  /** popt blames the last word it looked at. */
  const checkInteger = (value: string, word: string): void => {
    if (value === '') return;
    if (!INTEGER.test(value)) throw failure(word, 'invalid numeric value', 'INVALID_VALUE');
    const number = Number(value.replace(/^\s*[-+]?0(?=[0-7]+$)/, '0o').replace(/^\s*[-+]/, ''));
    const limit = value.trimStart().startsWith('-') ? 0x80000000 : 0x7fffffff;
    if (number > limit) throw failure(word, 'number too large or too small', 'INVALID_VALUE');
  };

  const letters = (word: string): void => {
    for (let i = 1; i < word.length; i++) {
      const row = spellings.short.get(word[i]!);
      if (row === undefined) throw failure(word, 'unknown option', 'UNKNOWN_OPTION');
      const rest = word.slice(i + 1);
      if (rest.startsWith('=')) {
        found(row, false, word, rest.slice(1));
        return;
      }
      if (row.argument !== undefined) {
        found(row, false, word, rest === '' ? undefined : rest);
        return;
      }
      found(row, false, word, undefined);
    }
  };

  while (next < argv.length) {
    const word = argv[next++]!;
    if (word === '--') {
      for (; next < argv.length; next++) visitor.argument(argv[next]!, next);
    } else if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const spelling = spellings.long.get(name);
      if (spelling === undefined) throw failure(word, 'unknown option', 'UNKNOWN_OPTION');
      else
        found(
          spelling.row,
          spelling.negated,
          word,
          equals < 0 ? undefined : word.slice(equals + 1),
        );
    } else if (word.startsWith('-') && word !== '-') {
      letters(word);
    } else {
      visitor.argument(word, next - 1);
    }
  }
}
