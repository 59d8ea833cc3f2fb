import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findProgram } from '@deltawire/testkit';
import { ourCommand, realCommand } from '../measure/machine.ts';
import { isInMemory, temporaryIn } from '../workloads/destination.ts';

/** How files are put out of the page cache: everything at once (root only), or file by file. */
export type Eviction = 'drop_caches' | 'fadvise';

const DROP_CACHES = '/proc/sys/vm/drop_caches';
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

const FADVISE = `
import os, sys
for base, _, names in os.walk(sys.argv[1]):
    for name in names:
        fd = os.open(os.path.join(base, name), os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
`;

/** The thorough way where this user may. */
export function bestEviction(): Eviction {
  try {
    accessSync(DROP_CACHES, constants.W_OK);
    return 'drop_caches';
  } catch {
    return 'fadvise';
  }
}

/** A new directory on a disk; undefined when the usual places are all in memory. */
export function diskDirectory(wanted: string | undefined): string | undefined {
  const parent = [wanted, tmpdir(), '/var/tmp'].find((path) => path && !isInMemory(path));
  return parent === undefined ? undefined : temporaryIn(parent);
}

/** Write out what is new below `directory`, and put it out of the cache; the programs stay in. */
export function evict(directory: string, how: Eviction): void {
  execFileSync('sync', ['-f', directory]);
  if (how === 'fadvise') {
    execFileSync(findProgram('python3', 'python3'), ['-c', FADVISE, directory]);
    return;
  }
  writeFileSync(DROP_CACHES, '3');
  for (const [program = '', ...args] of [ourCommand(), realCommand()]) {
    execFileSync(program, [...args, '--version']);
  }
  for (const name of readdirSync(`${REPOSITORY}packages`)) {
    try {
      const dist = `${REPOSITORY}packages/${name}/dist/`;
      for (const file of readdirSync(dist)) readFileSync(dist + file);
    } catch {
      // A package that is not built has nothing to be read.
    }
  }
}
