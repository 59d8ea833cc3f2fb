import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Printed } from './real-rsync.ts';

const BIN = fileURLToPath(new URL('../src/bin.ts', import.meta.url));

/** The command line that runs the program from its sources. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  '--conditions=@deltawire/source',
  '--disable-warning=ExperimentalWarning',
  BIN,
];

const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  TZ: process.env.TZ ?? '',
  ...env,
});

/** Run the program to its end. */
export function runProgram(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Printed {
  const [node, ...rest] = PROGRAM;
  const result = spawnSync(node!, [...rest, ...args], {
    cwd,
    env: environment(env),
    encoding: 'latin1',
  });
  if (result.error) throw result.error;
  return { stdout: result.stdout, stderr: result.stderr, status: result.status };
}

/** Start the program and leave it running. */
export function startProgram(cwd: string, args: readonly string[]): ReturnType<typeof spawn> {
  const [node, ...rest] = PROGRAM;
  return spawn(node!, [...rest, ...args], {
    cwd,
    env: environment({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
