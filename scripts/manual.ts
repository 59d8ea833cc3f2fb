/**
 * From the table of options and the pages in docs/manual: the man pages and the completions that are
 * published with the program, and the tables of docs/interop.md.
 *
 *     node --conditions=@deltawire/source scripts/manual.ts [--check]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PARAMETERS } from '../packages/daemon/src/parameters.ts';
import { DAEMON_TABLE, OPTION_TABLE } from '../packages/options/src/index.ts';
import {
  bashCompletion,
  fishCompletion,
  powershellCompletion,
  zshCompletion,
} from './manual/completions.ts';
import { differenceTable, optionTable, replaceTable } from './manual/interop-tables.ts';
import { parseMarkdown } from './manual/markdown.ts';
import { fillInOptions } from './manual/option-pages.ts';
import { fillInParameters } from './manual/parameter-page.ts';
import { manPage } from './manual/roff.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

/** Everything that is generated: path in the repository, and content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const page = parseMarkdown(read('docs/manual/deltawire.1.md'));
  const { blocks, notes } = fillInOptions(page, OPTION_TABLE, DAEMON_TABLE);
  const config = fillInParameters(
    parseMarkdown(read('docs/manual/deltawire.conf.5.md')),
    PARAMETERS,
  );
  const options = optionTable(OPTION_TABLE, notes);
  const interop = replaceTable(read('docs/interop.md'), 'options', options);
  return new Map([
    ['apps/cli/man/deltawire.1', manPage(blocks, 1)],
    ['apps/cli/man/deltawire.conf.5', manPage(config, 5)],
    ['apps/cli/completions/deltawire.bash', bashCompletion()],
    ['apps/cli/completions/_deltawire', zshCompletion()],
    ['apps/cli/completions/deltawire.fish', fishCompletion()],
    ['apps/cli/completions/deltawire.ps1', powershellCompletion()],
    ['docs/interop.md', replaceTable(interop, 'differences', differenceTable())],
  ]);
}

/** Write what has changed, or with `--check` only tell. */
function main(check: boolean): void {
  for (const [path, text] of generatedFiles()) {
    const file = resolve(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (check) {
      console.error(`${path} is stale: run "npx -y pnpm@12.21.0 manual"`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

if (import.meta.main) main(process.argv.includes('--check'));
