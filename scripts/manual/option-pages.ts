import type { OptionRow } from '../../packages/options/src/index.ts';
import type { Block } from './markdown.ts';

/** The heading of a daemon's option, which a client may have as well. */
const DAEMON_SUFFIX = ' (daemon)';

/** How a row is named in headings: `--verbose`, or `-P` where there is only a letter. */
export const optionName = (row: OptionRow): string =>
  row.name === '' ? `-${row.short}` : `--${row.name}`;

/** Every spelling with its argument: `--[no-]links, -l`, `--max-size=SIZE`. */
export function spellings(row: OptionRow): string {
  const value = row.argument === undefined ? '' : `=${row.argument}`;
  const long = [row.name, ...row.aliases]
    .filter((name) => name !== '')
    .map((name) => `--${row.negations.includes(`no-${name}`) ? '[no-]' : ''}${name}${value}`);
  const short = row.short === '' ? [] : [`-${row.short}`];
  if (row.name === '') short.push(...row.negations.map((name) => `--${name}`));
  return [...long, ...short].join(', ');
}

const REFUSED = 'This version refuses it, with exit value 4.';

/** What the manual says about one option. */
export interface OptionNote {
  readonly row: OptionRow;
  /** What is different from rsync; empty for nothing. */
  readonly differs: string;
}

/**
 * Give the headings of options their spellings, and say which are refused. Throws when an option has
 * no entry in the manual, or an entry no option.
 */
export function fillInOptions(
  blocks: readonly Block[],
  options: readonly OptionRow[],
  daemonOptions: readonly OptionRow[],
): { readonly blocks: Block[]; readonly notes: OptionNote[] } {
  const rows = new Map([
    ...options.map((row) => [optionName(row), row] as const),
    ...daemonOptions.map((row) => [optionName(row) + DAEMON_SUFFIX, row] as const),
  ]);
  const filled: Block[] = [];
  const notes: OptionNote[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level === 4) {
      const row = rows.get(block.text);
      if (!row) throw new Error(`docs/manual has an entry for no option: ${block.text}`);
      rows.delete(block.text);
      filled.push({ ...block, text: `\`${spellings(row)}\`` });
      if (row.status === 'refused') filled.push({ kind: 'paragraph', text: REFUSED });
      notes.push({ row, differs: '' });
      continue;
    }
    const differs = block.kind === 'paragraph' ? /^Differs: (.*)/.exec(block.text)?.[1] : undefined;
    if (differs === undefined) filled.push(block);
    else {
      filled.push({ kind: 'paragraph', text: `Different from rsync: ${differs}` });
      notes.push({ ...notes.pop()!, differs });
    }
  }
  const [missing] = rows.keys();
  if (missing !== undefined) throw new Error(`docs/manual/deltawire.1.md lacks "#### ${missing}"`);
  return { blocks: filled, notes };
}
