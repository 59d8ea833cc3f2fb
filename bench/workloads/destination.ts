import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRsync, runProcess } from '@deltawire/testkit';

const TMPFS_MAGIC = 0x01021994;

/** Whether a directory lies in memory. */
export const isInMemory = (directory: string): boolean =>
  statfsSync(directory).type === TMPFS_MAGIC;

/** A new directory for data and destinations: in memory where that has `bytes` of room. */
export function scratchDirectory(bytes: number): string {
  return temporaryIn(hasRoom('/dev/shm', bytes) ? '/dev/shm' : tmpdir());
}

/** A new directory in `parent`, which goes away with this process, also when it is interrupted. */
export function temporaryIn(parent: string): string {
  const directory = mkdtempSync(join(parent, 'deltawire-bench-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    if (process.listenerCount(signal) === 0) process.on(signal, () => process.exit(130));
  }
  return directory;
}

function hasRoom(directory: string, bytes: number): boolean {
  if (!existsSync(directory) || !isInMemory(directory)) return false;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize > bytes;
}

/** Make `destination` a copy of `source` with all attributes, or an empty directory. */
export function resetDestination(destination: string, source: string | undefined): void {
  execFileSync('rm', ['-rf', destination]);
  if (source === undefined) execFileSync('mkdir', ['-p', destination]);
  else execFileSync('cp', ['-a', source, destination]);
}

/**
 * Ask the real rsync whether two trees are the same to the last byte.
 *
 * @throws Error that says what differs
 */
export async function requireSameTrees(source: string, destination: string): Promise<void> {
  const argv = [findRsync(), '-acin', '--delete', `${source}/`, `${destination}/`];
  const { code, output, errors } = await runProcess(argv, { timeoutMs: 300_000 });
  if (code === 0 && output === '') return;
  throw new Error(`${destination} is not what ${source} is:\n${(errors + output).slice(0, 2000)}`);
}
