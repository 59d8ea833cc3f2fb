import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const MODULE = new URL('../src/signals.ts', import.meta.url).href;

/** Run a program that watches signals and says when it is ready; returns output and exit. */
async function runWatched(
  body: string,
  send: readonly NodeJS.Signals[],
): Promise<[string, number | null]> {
  const program = `
    import { watchSignals } from ${JSON.stringify(MODULE)};
    const { signal } = watchSignals(() => console.log('forced'));
    const alive = setInterval(() => {}, 1000);
    signal.addEventListener('abort', () => { ${body} });
    console.log('ready');`;
  const child = spawn(
    process.execPath,
    [...process.execArgv, '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  const pending = [...send];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const next = pending.shift();
    if (next) child.kill(next);
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return [output, status];
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s aborts with exit code 20', async (name) => {
  const body = 'console.log(signal.reason.code, signal.reason.exitCode); clearInterval(alive);';
  const [output, status] = await runWatched(body, [name]);
  expect(output).toBe(`ready\n${name} 20\n`);
  expect(status).toBe(0);
});

test('a second SIGINT ends the process at once', async () => {
  const [output, status] = await runWatched("console.log('busy')", ['SIGINT', 'SIGINT']);
  expect(output).toBe('ready\nbusy\nforced\n');
  expect(status).toBe(20);
});
