import { readAll } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import {
  explainShellStatus,
  mergeExitCode,
  type RemoteShellTarget,
  remoteShellCommand,
  startRemoteShell,
} from '../src/remote-shell.ts';

const target = (o: Partial<RemoteShellTarget> = {}): RemoteShellTarget => ({
  host: 'h',
  ipFamily: 0,
  serverArguments: ['--server', '.', 'p'],
  daemon: false,
  ...o,
});

test.each<[Partial<RemoteShellTarget>, string]>([
  [{}, 'ssh|h|rsync|--server|.|p'],
  [{ user: 'me' }, 'ssh|-l|me|h|rsync|--server|.|p'],
  [{ ipFamily: 6 }, 'ssh|-6|h|rsync|--server|.|p'],
  [{ rsh: '/usr/bin/ssh -p 22', ipFamily: 4 }, '/usr/bin/ssh|-p|22|-4|h|rsync|--server|.|p'],
  [{ rsh: 'rsh', ipFamily: 4 }, 'rsh|h|rsync|--server|.|p'],
  [{ rsyncPath: 'sudo rsync' }, 'ssh|h|sudo rsync|--server|.|p'],
  [{ rsh: "a 'b c'" }, 'a|b c|h|rsync|--server|.|p'],
  [{ rsh: 'ssh -l bob', user: 'me', daemon: true }, 'ssh|-l|bob|h|rsync|--server|.|p'],
  [{ rsh: 'ssh -l bob', user: 'me' }, 'ssh|-l|bob|-l|me|h|rsync|--server|.|p'],
])('%j becomes %s', (o, command) => {
  expect(remoteShellCommand(target(o)).join('|')).toBe(command);
});

describe('startRemoteShell()', () => {
  const env = process.env;

  test('stdin and stdout are the connection', async () => {
    const shell = await startRemoteShell(['cat'], { env });
    await shell.connection.write([Buffer.from('hello')]);
    await shell.connection.end();
    expect(await readAll(shell.connection.input)).toBe('hello');
    expect(await shell.exited).toEqual({ status: 0, signal: null });
  });

  test('stderr can be captured, and the status is told', async () => {
    const errors: Buffer[] = [];
    const shell = await startRemoteShell(['sh', '-c', 'echo oops >&2; exit 127'], {
      env,
      onStderr: (chunk) => errors.push(Buffer.from(chunk)),
    });
    expect(await readAll(shell.connection.input)).toBe('');
    expect((await shell.exited).status).toBe(127);
    expect(Buffer.concat(errors).toString()).toBe('oops\n');
  });

  test('a missing program is named, with what to do', async () => {
    await expect(startRemoteShell(['/no/such/shell', 'h'], { env })).rejects.toMatchObject({
      exitCode: 14,
      code: 'SHELL_NOT_FOUND',
      message: expect.stringMatching(
        /^Failed to exec \/no\/such\/shell: No such file or directory \(2\)\nInstall an ssh/,
      ),
    });
  });

  test('an abort ends the process', async () => {
    const abort = new AbortController();
    const shell = await startRemoteShell(['sleep', '60'], { env, signal: abort.signal });
    abort.abort();
    expect(await shell.exited).toEqual({ status: 0, signal: 'SIGTERM' });
    await shell.connection.close();
  });
});

test('a pull takes the larger code, a push the status of its shell', () => {
  expect(mergeExitCode('receiver', 0, 23)).toBe(23);
  expect(mergeExitCode('receiver', 24, 23)).toBe(24);
  expect(mergeExitCode('sender', 25, 23)).toBe(23);
  expect(mergeExitCode('sender', 24, 0)).toBe(24);
});

test('statuses that explain a broken connection say what to do', () => {
  expect(explainShellStatus(127, target())).toContain('install rsync there, or name it with');
  expect(explainShellStatus(126, target({ rsyncPath: '/x' }))).toContain(
    '/x could not be run on h',
  );
  expect(explainShellStatus(255, target())).toContain('could not reach h');
  expect(explainShellStatus(1, target())).toBe('');
});
