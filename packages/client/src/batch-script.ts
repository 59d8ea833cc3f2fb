import { parseHostSpec, type RsyncOptions } from '@deltawire/options';

/** Options of filters: the rules themselves are part of the script. */
const FILTER_OPTION = /^--(?:filter|exclude|include|exclude-from|include-from)(?:=|$)|^-f$/;
const WRITE_OPTION = /^--(?:only-)?write-batch(?=$|=)/;
/** The first protocol whose rules `--filter` can read. */
const FIRST_WITH_FILTER = 29;

/**
 * The script beside a batch, which applies it: the command line it was made with, without sources, and
 * with the filter rules in a document behind it (docs/spec/data.md §11). A byte string.
 *
 * @param program - how this program is called
 * @param rules - texts of all rules
 */
export function batchScript(
  program: string,
  { commandLine, args, protocol }: RsyncOptions,
  rules: readonly string[],
): string {
  const parts = [quote(program)];
  if (rules.length > 0) {
    parts.push(protocol >= FIRST_WITH_FILTER ? "--filter='._-'" : "--exclude-from='-'");
  }
  const { words, operands } = commandLine ?? { words: [], operands: [] };
  const isOperand = new Set(operands);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (isOperand.has(i)) continue;
    if (!FILTER_OPTION.test(word))
      parts.push(quoteOption(word.replace(WRITE_OPTION, '--read-batch')));
    else if (!word.includes('=')) i++; // its rule is the next word
  }
  parts.push(`\${1:-${quote(destinationOf(args))}}`);
  const command = `${parts.join(' ')}`;
  return rules.length === 0
    ? `${command}\n`
    : `${command} <<'#E#'\n${rules.map((rule) => `${rule}\n`).join('')}#E#\n`;
}

/** The last argument, without a host. */
function destinationOf(args: readonly string[]): string {
  const last = args.at(-1) ?? '.';
  const spec = parseHostSpec(last);
  return spec.kind === 'local' ? last : spec.path;
}

/** `--name=` stays outside of the quotes. */
function quoteOption(word: string): string {
  if (word === '--read-batch') return word;
  const [, name = '', value = ''] = /^(--[^=]*=)?(.*)$/s.exec(word)!;
  return name + quote(value);
}

/** For a Bourne shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
