import { spawn } from 'node:child_process';

export interface RunProcessOptions {
  /** The process and everything it started is killed after this long. @default 30_000 */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** Added to this process's environment, from which what steers rsync is taken out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes for standard input, which is closed behind them. */
  readonly input?: string | Uint8Array;
}

export interface ProcessResult {
  /** Exit code; null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The same as text. */
  readonly output: string;
  readonly errors: string;
}

/** Variables that would change what rsync does. */
const STEERING = /^(RSYNC_|CVSIGNORE$|POPT)/;

/** Run a program to its end. A non-zero exit is a result; running out of time is an error. */
export function runProcess(
  argv: readonly string[],
  options: RunProcessOptions = {},
): Promise<ProcessResult> {
  const { timeoutMs = 30_000, cwd, env = {}, input } = options;
  const [command = '', ...args] = argv;
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !STEERING.test(name)),
  );
  return new Promise((resolve, reject) => {
    // Its own process group, so that a timeout reaches what it has started.
    const child = spawn(command, args, {
      cwd,
      env: { ...inherited, LC_ALL: 'C', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program may end without reading its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const result: ProcessResult = {
        code,
        signal,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr),
        output: Buffer.concat(stdout).toString(),
        errors: Buffer.concat(stderr).toString(),
      };
      if (!timedOut) resolve(result);
      else {
        const seen = `${result.output}${result.errors}`.slice(-2000);
        reject(new Error(`no end after ${timeoutMs} ms: ${argv.join(' ')}\n${seen}`));
      }
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
