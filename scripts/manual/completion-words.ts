import {
  DAEMON_TABLE,
  DEBUG_FAMILY,
  INFO_FAMILY,
  OPTION_TABLE,
  type OptionRow,
} from '../../packages/options/src/index.ts';

/** What can stand behind an option. */
export type Value =
  | { readonly kind: 'none' }
  /** Any text: nothing to offer. */
  | { readonly kind: 'text' }
  | { readonly kind: 'file' }
  | { readonly kind: 'directory' }
  /** One of these, or with `list` several separated by commas. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly list: boolean };

/** A spelling that a shell offers. */
export interface Spelling {
  /** `--verbose`, `-v`. */
  readonly text: string;
  readonly description: string;
  readonly value: Value;
}

const words = (text: string, list = false): Value => ({
  kind: 'words',
  words: text.split(' '),
  list,
});
const levels = (family: typeof INFO_FAMILY): Value =>
  words(['help', 'all', 'none', ...family.words.map((w) => w.word.toLowerCase())].join(' '), true);

/** Values of options by name, where a shell can know them. */
const WORDS: Readonly<Record<string, Value>> = {
  info: levels(INFO_FAMILY),
  debug: levels(DEBUG_FAMILY),
  stderr: words('errors all client'),
  outbuf: words('None Line Block'),
  'checksum-choice': words('auto xxh128 xxh3 xxh64 md5 md4 sha1 none'),
  'compress-choice': words('auto zstd lz4 zlibx zlib none'),
  protocol: words('27 28 29 30 31 32'),
};

function valueBehind(row: OptionRow): Value {
  if (row.argument === undefined) return { kind: 'none' };
  const known = WORDS[row.name];
  if (known !== undefined) return known;
  if (row.argument === 'FILE') return { kind: 'file' };
  return { kind: row.argument === 'DIR' ? 'directory' : 'text' };
}

/** What the help text shows of an option, with the forms that undo it. */
function spellingsOf(row: OptionRow): Spelling[] {
  const shown = new Map(
    row.help.flatMap(([left, right]) =>
      left
        .replaceAll(/=[^,]*/g, '')
        .split(/,? /)
        .map((text) => [text, right] as const),
    ),
  );
  const value = valueBehind(row);
  const all = [
    ...[row.name, ...row.aliases].filter((name) => name !== '').map((name) => `--${name}`),
    ...(row.short === '' ? [] : [`-${row.short}`]),
  ];
  const [main = ''] = all;
  return [
    ...all
      .filter((text) => shown.has(main) || shown.has(text))
      .map((text) => ({ text, description: shown.get(text) ?? shown.get(main) ?? '', value })),
    ...row.negations
      .map((name) => `--${name}`)
      .map((text) => ({
        text,
        description: shown.get(text) ?? `turn off ${main}`,
        value: { kind: 'none' } as const,
      })),
  ];
}

/** Everything a shell can offer behind `deltawire -`, in the order of the help text. */
export function completionSpellings(): Spelling[] {
  const names = new Set(OPTION_TABLE.map((row) => row.name));
  const spellings = [...OPTION_TABLE, ...DAEMON_TABLE.filter((row) => !names.has(row.name))]
    .filter((row) => row.status !== 'refused' && row.help.length > 0)
    .flatMap(spellingsOf);
  // `-M` is something else for a daemon: offered once.
  return spellings.filter(({ text }, i) => spellings.findIndex((s) => s.text === text) === i);
}
