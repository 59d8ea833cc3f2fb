import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a program printed, as byte strings. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Run the real rsync in a directory; UTF-8 locale and UTC unless `env` says otherwise. */
export function realRsync(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Printed {
  const result = spawnSync('rsync', args, {
    cwd,
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TZ: process.env.TZ ?? '', ...env },
    encoding: 'latin1',
  });
  if (result.error) throw result.error;
  return { stdout: result.stdout, stderr: result.stderr, status: result.status };
}

/** A temporary directory that goes away with `using`. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'deltawire-cli-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
