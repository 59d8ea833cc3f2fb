import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findProgram } from '@deltawire/testkit';

/** What lies between two machines. */
export interface Line {
  readonly rttMs: number;
  /** Megabit per second, each way. */
  readonly mbit: number;
}

export interface OpenLine {
  /** Where a client connects instead. */
  readonly port: number;
  close(): Promise<void>;
}

const PROXY = fileURLToPath(new URL('../wanproxy.py', import.meta.url));

/** Put a line in front of a port of the loopback interface. */
export async function openLine(target: number, line: Line): Promise<OpenLine> {
  const args = ['--listen', '0', '--target', `127.0.0.1:${target}`];
  const child = spawn(
    findProgram('python3', 'python3'),
    [PROXY, ...args, '--rtt', String(line.rttMs), '--mbit', String(line.mbit)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  for await (const text of createInterface({ input: child.stdout })) {
    return {
      port: Number(text.replace('listening on ', '')),
      close: async () => {
        child.kill('SIGTERM');
        await gone;
      },
    };
  }
  throw new Error('the delay proxy does not start');
}
