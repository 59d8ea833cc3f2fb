import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { createSignaturePool } from '@deltawire/async-signature';
import { type SyncOptions, sync } from '@deltawire/client';
import { createDaemon } from '@deltawire/daemon';
import { textToBytes } from '@deltawire/protocol';
import { compareTrees } from './demo/compare.ts';
import { formatReport } from './demo/report.ts';
import { type Tally, TallyCounter } from './demo/tally.ts';
import { EDITS, editTree, generateTree } from './demo/tree.ts';
import type { Surroundings } from './main.ts';
import { watchSignals } from './signals.ts';

/**
 * `deltawire demo`: a daemon on a loopback port, a pull from it, some edits, another pull, and a
 * report made of what the transfers' events said. Returns 0 when both pulls gave equal trees.
 */
export async function runDemo(around: Surroundings): Promise<number> {
  const colours = isatty(1) && !around.env.NO_COLOR;
  const paint = (code: number) => (text: string) =>
    colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  const [bold, green, red] = [paint(1), paint(32), paint(31)];
  const say = (text: string): void => around.writer.stdout.write(textToBytes(text));

  using signals = watchSignals();
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'deltawire-demo-'));
  try {
    const source = join(directory, 'source');
    const copy = join(directory, 'copy');
    mkdirSync(source);
    generateTree(source);

    await using daemon = createDaemon({ modules: { demo: { path: source } } });
    // A transfer by itself would find so small a tree not worth a thread; a program that has a pool shares it.
    await using signatures = createSignaturePool({ threads: 2 });
    const { port } = await daemon.listen({ address: '127.0.0.1', port: 0 });
    const url = `rsync://127.0.0.1:${port}/demo/`;
    say(`${bold('deltawire demo')}: ${url} -> ${copy}/\n\n`);

    const pull = async (title: string, options: SyncOptions): Promise<[Tally, boolean]> => {
      const counter = new TallyCounter();
      const result = await sync(url, `${copy}/`, {
        ...options,
        pipeline: { signatures },
        signal: signals.signal,
        onEvent: counter.onEvent,
      });
      const tally = counter.finish(result.stats);
      const { entries, differences } = compareTrees(source, copy);
      const equal = result.exitCode === 0 && differences.length === 0;
      const verdict = equal ? green('trees are equal') : red('TREES DIFFER');
      say(`${title}: ${verdict} (${entries} entries: type, mode, mtime, content, link target)\n`);
      for (const difference of differences.slice(0, 10)) say(`  ${difference}\n`);
      return [tally, equal];
    };

    const [first, firstEqual] = await pull('pull everything', { archive: true });
    editTree(source);
    say(`edit the source: ${EDITS}\n`);
    const [second, secondEqual] = await pull('pull again, --delete', {
      archive: true,
      delete: true,
    });
    say(`\n${formatReport(first, second, bold)}`);
    return firstEqual && secondEqual ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
