import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCommandLine, serverArguments } from '@deltawire/options';
import { encodeSecludedArguments } from '@deltawire/protocol';
import {
  compareTrees,
  makeTree,
  remoteShellScript,
  SMALL_TREE,
  temporaryDirectory,
} from '@deltawire/testkit';
import { connectionPair, runClient } from '@deltawire/transfer';
import { afterAll, describe, expect, test } from 'vitest';
import { serveStdio } from '../src/serve.ts';

const space = temporaryDirectory();
afterAll(() => space.remove());
const at = (name: string): string => space.join(name);
const source = at('src');
makeTree(source, SMALL_TREE);
const rsh = remoteShellScript(space.path);

/** `deltawire --server` as a program: the real client starts it through its shell. */
const server = at('server');
const module = fileURLToPath(new URL('../src/serve.ts', import.meta.url));
writeFileSync(
  `${server}.mjs`,
  `import { serveStdio } from ${JSON.stringify(module)};\n` +
    'process.exitCode = await serveStdio(process.argv.slice(2));\n',
);
writeFileSync(
  server,
  `#!/bin/sh\nexec ${process.execPath} --conditions=@deltawire/source ${server}.mjs "$@"\n`,
);
chmodSync(server, 0o755);

describe('serves the real client over stdin and stdout', () => {
  const rsync = (...args: string[]): unknown =>
    execFileSync('rsync', ['-a', '-e', rsh, `--rsync-path=${server}`, ...args]);

  test('pull', () => {
    rsync(`h:${source}/`, at('pull'));
    expect(compareTrees(source, at('pull'))).toEqual([]);
  });

  test('push', () => {
    rsync(`${source}/`, `h:${at('push')}`);
    expect(compareTrees(source, at('push'))).toEqual([]);
  });

  test.each(['-C', '-f-C'])('%s means the words of this side too', (rule) => {
    const tree = { kept: '', 'a.o': '', 'a.mine': '', 'a.yours': '', '.cvsignore': '*.mine' };
    makeTree(at('cvs'), tree);
    const env = { ...process.env, HOME: at('cvs'), CVSIGNORE: '*.yours' };
    const argv = ['-a', '-e', rsh, `--rsync-path=${server}`, rule, `h:${at('cvs')}/`];
    execFileSync('rsync', [...argv, at(`cvs${rule}`)], { env });
    expect(readdirSync(at(`cvs${rule}`))).toEqual(['.cvsignore', 'kept']);
  });

  test('secluded arguments with wildcards', () => {
    rsync('-s', `h:${source}/*.txt`, at('secluded/'));
    expect(readdirSync(at('secluded'))).toEqual(['a.txt']);
  });
});

test('serves any connection; the exit code is the result', async () => {
  const [near, far] = connectionPair();
  const { options } = parseCommandLine(['-a', '-s', 'h:x', at('memory')], {});
  const paths = [`${source}/`, at('nope')];
  const { argv, secluded = [] } = serverArguments(options, { amSender: false, paths });
  const serving = serveStdio(argv, { connection: far });
  await near.write([encodeSecludedArguments(secluded)]);
  const { exitCode } = await runClient(near, {
    role: 'receiver',
    options,
    filters: [],
    sources: [],
    destination: at('memory'),
    requested: paths,
    handshake: { kind: 'binary' },
  });
  expect(exitCode).toBe(23);
  expect(await serving).toBe(23);
  expect(compareTrees(source, at('memory'))).toEqual([]);
});
