/** Clients that are none: what a daemon answers to them must be what the real one does. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createDaemon } from '@deltawire/daemon';
import { startDaemon } from '@deltawire/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isRoot, Peers } from './peers.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const peers = new Peers();
const daemons: { readonly port: number; readonly close: () => PromiseLike<void> }[] = [];
beforeAll(async () => {
  const module = peers.path('m');
  const secrets = peers.path('secrets');
  const motd = peers.path('motd');
  mkdirSync(module);
  writeFileSync(secrets, 'joe:secret\n', { mode: 0o600 });
  writeFileSync(motd, 'welcome\n');
  const config = `use chroot = no\nreverse lookup = no\nmotd file = ${motd}\n${isRoot ? 'uid = 0\ngid = 0\n' : ''}
[m]\npath = ${module}\ncomment = files
[auth]\npath = ${module}\nauth users = joe\nsecrets file = ${secrets}
[hidden]\npath = ${module}\nlist = no\nhosts deny = *\n`;
  const real = await startDaemon([peers.programs.rsync], config);
  daemons.push({ port: real.port, close: () => real[Symbol.asyncDispose]() });
  const ours = createDaemon({ configText: config }, { isolation: 'inline' });
  const { port } = await ours.listen({ port: 0, address: '127.0.0.1' });
  daemons.push({ port, close: () => ours[Symbol.asyncDispose]() });
});
afterAll(async () => {
  for (const daemon of daemons) await daemon.close();
  await peers[Symbol.asyncDispose]();
});

/** Send that, end our side, and read everything. A connection that is reset has been answered, too. */
function ask(port: number, said: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard.replace(/AUTHREQD \S+/, 'AUTHREQD CHALLENGE')));
    socket.on('end', () => socket.end());
    socket.end(Buffer.from(said, 'latin1'));
  });
}

const HELLO = '@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n';

test.each([
  ['no list of digests, 31', '@RSYNCD: 31.0\n#list\n'],
  ['no list of digests, 32', '@RSYNCD: 32.0\n#list\n'],
  ['no sub-version', '@RSYNCD: 32\n#list\n'],
  ['an old version', '@RSYNCD: 29\n#list\n'],
  ['an ancient version', '@RSYNCD: 20\n#list\n'],
  ['version 0', '@RSYNCD: 0\n#list\n'],
  ['a negative version', '@RSYNCD: -1\n#list\n'],
  ['a version to come', '@RSYNCD: 41.0 md5\n#list\n'],
  ['a pre-release', '@RSYNCD: 31.5 md5\n#list\n'],
  ['a tab', '@RSYNCD:\t31.0 md5\n#list\n'],
  ['no space', '@RSYNCD:31.0 md5\n#list\n'],
  ['CR LF', '@RSYNCD: 31.0 md5\r\n#list\r\n'],
  ['something else', 'hello\n'],
  ['a browser', 'GET / HTTP/1.0\r\n\r\n'],
  ['an empty line', '\n'],
  ['no number', '@RSYNCD: abc\n'],
  ['nothing', ''],
  ['half a greeting', '@RSYNCD: 31'],
  ['only a greeting', HELLO],
  ['a line without end', 'A'.repeat(3000)],
  ['a long greeting', `@RSYNCD: 31.0 ${'x'.repeat(900)} md5\n#list\n`],
  ['the list', `${HELLO}#list\n`],
  ['an empty name', `${HELLO}\n`],
  ['an unknown name', `${HELLO}nope\n`],
  ['control characters', `${HELLO}no\x01p\x1be\xff\n`],
  ['a command', `${HELLO}#foo\n`],
  ['a path', `${HELLO}m/f\n`],
  ['another case', `${HELLO}M\n`],
  ['spaces', `${HELLO} m\n`],
  ['a long name', `${HELLO}${'n'.repeat(2000)}\n`],
  ['a hidden module', `${HELLO}hidden\n`],
  ['early input of no length', `${HELLO}#early_input=0\n`],
  ['early input of no number', `${HELLO}#early_input=x\n`],
  ['too much early input', `${HELLO}#early_input=99999\n`],
  ['early input that does not come', `${HELLO}#early_input=30\nabc`],
  ['no answer', `${HELLO}auth\n`],
  ['an empty answer', `${HELLO}auth\n\n`],
  ['a wrong answer', `${HELLO}auth\njoe xxxx\n`],
  ['another user', `${HELLO}auth\nbob xxxx\n`],
  ['a comment for a user', `${HELLO}auth\n#joe xxxx\n`],
  ['half an answer', `${HELLO}auth\njoe xx`],
  ['a long answer', `${HELLO}auth\njoe ${'x'.repeat(900)}\n`],
  ['no digest in common', '@RSYNCD: 32.0 foo bar\nauth\n'],
])('%s', async (_, said) => {
  const [real, ours] = await Promise.all(daemons.map(({ port }) => ask(port, said)));
  expect(ours).toBe(real);
  expect(real).toMatch(/^@RSYNCD: 32\.0 /);
});
