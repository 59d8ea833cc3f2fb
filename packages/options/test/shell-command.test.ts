import { afterAll, describe, expect, test } from 'vitest';
import { splitShellCommand } from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

describe.concurrent('splitShellCommand() equals the real client', () => {
  const COMMANDS = [
    'a  b',
    "'a b'c",
    "'a''b'",
    '"a""b"',
    "''",
    "'' x",
    'a\\ b',
    'a"b"\'c\'',
    "'\"'",
    "''''",
    "'a'''",
    'x\ty',
    ' x ',
    '-p 22 -o "Proxy Command=x y"',
  ];
  for (const command of COMMANDS) {
    test(command, async () => {
      const run = await real.run(['-e', `${real.recorder} ${command}`, 'src', 'host:d']);
      const [, ...words] = splitShellCommand(`${real.recorder} ${command}`);
      expect([...words, 'host', 'rsync']).toEqual(
        run.shellWords?.slice(0, run.shellWords.indexOf('--server')),
      );
    });
  }

  test('a quote must end', async () => {
    const { exitCode, message } = await real.run(['-e', "x 'a", 'src', 'host:d']);
    expect(exitCode).toBe(1);
    expect(() => splitShellCommand("x 'a")).toThrow(message);
  });
});

test('an empty command has no words', () => {
  expect(splitShellCommand('')).toEqual([]);
  expect(splitShellCommand('  ')).toEqual([]);
});
