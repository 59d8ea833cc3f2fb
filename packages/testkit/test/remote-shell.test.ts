import { expect, test } from 'vitest';
import { remoteShellScript, runProcess, temporaryDirectory } from '../src/index.ts';

test('drops user and host, and lets a shell read the words', async () => {
  using dir = temporaryDirectory();
  const shell = remoteShellScript(dir.path);
  const { output } = await runProcess([
    shell,
    '-l',
    'me',
    '-4',
    'host',
    'echo',
    'a\\ b',
    '$((1+1))',
  ]);
  expect(output).toBe('a b 2\n');
});
