import { spawnSync } from 'node:child_process';

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
