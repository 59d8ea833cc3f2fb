import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CASE_GROUPS } from '../../apps/cli/test/differential/cases.ts';
import { EXPECTED } from '../../apps/cli/test/differential/expected-differences.ts';
import { oursReceives, VARIANTS, type Variant } from '../../apps/cli/test/differential/variants.ts';
import type { OptionRow } from '../../packages/options/src/index.ts';
import { type OptionNote, spellings } from './option-pages.ts';

/** The version that has had every option so far. */
const SINCE = '0.1.0';

/** Tests besides the differential ones in which options are looked for by their long names. */
const OTHER_TESTS = ['apps/cli/test', 'packages/{client,daemon,options}/test'];

/** Options whose tests do not spell them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  rsh: 'every case with a remote side',
  'early-input': '`early-input.test.ts`',
  ipv4: '`remote-shell.test.ts`',
  ipv6: '`remote-shell.test.ts`',
};

/** How many tests are named for an option. */
const SHOWN = 4;

/** Which rows the words of a command line use: long names, joined letters, and those for the other side. */
function rowsOf(words: readonly string[], rows: readonly OptionRow[]): Set<OptionRow> {
  const used = new Set<OptionRow>();
  for (const word of words.map((text) => text.replace(/^(-M|--remote-option=)(?=-)/, ''))) {
    if (word.startsWith('--')) {
      const name = word.slice(2).replace(/=.*/s, '');
      const row = rows.find((r) => [r.name, ...r.aliases, ...r.negations].includes(name));
      if (row) used.add(row);
    } else if (word.startsWith('-')) {
      for (const letter of word.slice(1)) {
        const row = rows.find((r) => r.short === letter);
        if (!row) break;
        used.add(row);
        if (row.argument !== undefined) break;
      }
    }
  }
  return used;
}

/** Where each option is compared with the real rsync, else where it is tested at all. */
function testsByRow(rows: readonly OptionRow[]): Map<OptionRow, string> {
  const groups = Object.entries(CASE_GROUPS).map(
    ([name, cases]) =>
      [
        name,
        rowsOf(
          cases.flatMap(({ options }) => options),
          rows,
        ),
      ] as const,
  );
  const files = globSync(OTHER_TESTS.map((path) => `${path}/**/*.test.ts`))
    .sort()
    .map((path) => [path, readFileSync(path, 'utf8')] as const);
  const few = (names: readonly string[]): string =>
    names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')}, …` : names.join(', ');
  const testsOf = (row: OptionRow): string => {
    const compared = groups.filter(([, used]) => used.has(row)).map(([name]) => `\`${name}\``);
    if (compared.length > 0) return `compared: ${few(compared)}`;
    const known = ELSEWHERE[row.name];
    if (known !== undefined) return known;
    const names = [row.name, ...row.aliases, ...row.negations].join('|');
    const word = new RegExp(`--(${names})\\b(?!-)|'-${row.short || ' '}'`);
    const found = files
      .filter(([, text]) => word.test(text))
      .map(([path]) => `\`${basename(path)}\``);
    return few([...new Set(found)]);
  };
  return new Map(rows.map((row) => [row, testsOf(row)]));
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** One row for each option of rsync, in the order of its help text. */
export function optionTable(rows: readonly OptionRow[], notes: readonly OptionNote[]): string {
  const tests = testsByRow(rows);
  const lines = rows
    .filter((row) => row.status !== 'own')
    .map((row) => {
      const differs = notes.find((note) => note.row === row)?.differs ?? '';
      const state = row.status === 'refused' ? 'refused' : SINCE;
      return `| \`${cell(spellings(row))}\` | ${state} | ${tests.get(row)} | ${cell(differs)} |`;
    });
  return ['| option | since | tested in | differs |', '|---|---|---|---|', ...lines].join('\n');
}

/** Sets of variants that have a name. */
function inWords(variants: readonly Variant[]): string {
  const isAll = (set: readonly Variant[]): boolean =>
    set.length === variants.length && set.every((variant) => variants.includes(variant));
  if (isAll(VARIANTS)) return 'everywhere';
  return isAll(VARIANTS.filter(oursReceives))
    ? 'where Deltawire receives'
    : variants.map((variant) => `\`${variant}\``).join(', ');
}

/** What the differential tests know to be different. */
export function differenceTable(): string {
  const lines = EXPECTED.map(
    ({ name, variants, aspects, reason }) =>
      `| \`${cell(name)}\` | ${inWords(variants)} | ${aspects.join(', ')} | ${cell(reason)} |`,
  );
  return ['| case | where | what | why |', '|---|---|---|---|', ...lines].join('\n');
}

/** Put a table between the marks `<!-- NAME -->` and `<!-- /NAME -->` of a page. */
export function replaceTable(page: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const from = page.indexOf(start) + start.length;
  const to = page.indexOf(end);
  if (from < start.length || to < from - 1) throw new Error(`the page has no ${start.trim()}`);
  return `${page.slice(0, from)}${table}${page.slice(to)}`;
}
