import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { answers, freePort, temporaryDirectory } from '@deltawire/testkit';
import { readUsage, type Usage, underTime } from './command.ts';

/** A daemon that serves one measured transfer. */
export interface MeasuredDaemon {
  /** On the loopback interface. */
  readonly port: number;
  /** End it; what it took from its start on. */
  stop(): Promise<Usage>;
}

/** time(1) passes no signals on: a shell in between leaves the pid of what it becomes. */
const TELL_PID = ['sh', '-c', 'echo $$ > "$0"; exec "$@"'];

/** A session may outlive its client by a moment. */
const LINGER_MS = 60;

/**
 * Start an rsync daemon, ours or the real one, with writable modules.
 *
 * @param command the program, e.g. `['rsync']`
 * @param modules directories by module name
 */
export async function startMeasuredDaemon(
  command: readonly string[],
  modules: Readonly<Record<string, string>>,
): Promise<MeasuredDaemon> {
  const directory = temporaryDirectory('bench-daemon-');
  const [config, log, pid, usage] = ['conf', 'log', 'pid', 'usage'].map((n) => directory.join(n));
  writeFileSync(config!, configuration(log!, modules));
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const daemon = [...command, '--daemon', '--no-detach', '--address=127.0.0.1'];
    const started = [...daemon, `--port=${port}`, `--config=${config}`];
    const [program = '', ...args] = underTime([...TELL_PID, pid!, ...started], usage!);
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
    const end = (): void => {
      try {
        process.kill(Number(readFileSync(pid!, 'utf8')), 'SIGTERM');
      } catch {
        // It has ended by itself.
      }
    };
    if (await answers(port, gone)) {
      process.on('exit', end);
      return {
        port,
        stop: async () => {
          process.off('exit', end);
          await delay(LINGER_MS);
          end();
          await gone;
          const used = readUsage(usage!);
          directory.remove();
          return used;
        },
      };
    }
    end();
    // Somebody may have taken the port in between.
    if (attempt === 3) throw new Error(`${started.join(' ')} does not start\n${errors}`);
  }
}

function configuration(log: string, modules: Readonly<Record<string, string>>): string {
  const root = process.getuid?.() === 0 ? 'uid = 0\ngid = 0\n' : '';
  const globals = `use chroot = no\nreverse lookup = no\nlog file = ${log}\n${root}`;
  return Object.entries(modules).reduce(
    (text, [name, path]) => `${text}\n[${name}]\npath = ${path}\nread only = no\n`,
    globals,
  );
}
