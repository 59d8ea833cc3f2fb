import { existsSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findRsync, runProcess } from '@deltawire/testkit';

const CLI = fileURLToPath(new URL('../../apps/cli/dist/bin.js', import.meta.url));

/** Arguments that start our program as it is published. */
export function ourCommand(): string[] {
  if (!existsSync(CLI)) throw new Error('not built: pnpm build');
  return [process.execPath, CLI];
}

/** Arguments that start the real one. */
export const realCommand = (): string[] => [findRsync()];

/** What the figures were measured on, in one line. */
export async function describeMachine(): Promise<string> {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  const version = /version (\S+)/.exec((await runProcess([findRsync(), '--version'])).output)?.[1];
  return (
    `${availableParallelism()} processors (${model}), ${gib} GiB, ${type()} ${release()}; ` +
    `Node ${process.versions.node}; rsync ${version}; ${new Date().toISOString().slice(0, 10)}`
  );
}
