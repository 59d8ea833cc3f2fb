import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommandLine, serverArguments } from '@deltawire/options';
import { createDialect, encodeArguments } from '@deltawire/protocol';
import {
  type Connection,
  connectionPair,
  runClient,
  type TransferResult,
} from '@deltawire/transfer';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ModuleConfig } from '../src/embedded-config.ts';
import { createDaemon } from '../src/server.ts';

const directory = mkdtempSync(join(tmpdir(), 'serve-module-'));
const at = (name: string): string => join(directory, name);
afterAll(() => rmSync(directory, { recursive: true }));
beforeEach(() => {
  rmSync(directory, { recursive: true });
  mkdirSync(at('module/dir'), { recursive: true });
  writeFileSync(at('module/dir/inside'), 'in');
  writeFileSync(at('module/hidden.txt'), 'secret');
  writeFileSync(at('outside'), 'out');
  mkdirSync(at('source'));
  writeFileSync(at('source/new'), 'new');
});

/** Talk to an embedded daemon through memory, with any path and any extra server argument. */
async function transfer(
  role: 'sender' | 'receiver',
  path: string,
  extra: readonly string[] = [],
  more: { readonly module?: Partial<ModuleConfig>; readonly client?: readonly string[] } = {},
): Promise<TransferResult & { log: string }> {
  const lines: string[] = [];
  const config = {
    path: at('module'),
    readOnly: false,
    mungeSymlinks: false,
    exclude: 'hidden.txt',
    transferLogging: true,
    logFormat: '%o %f %l',
    ...more.module,
  };
  await using daemon = createDaemon({ modules: { m: config } }, { onLog: (l) => lines.push(l) });
  const [near, far] = connectionPair();
  const serving = daemon.handle(far);
  const { options } = parseCommandLine(['-r', ...(more.client ?? []), 'h::m', at('copy/')], {});
  const request = { amSender: role === 'sender', paths: [path], transport: 'daemon' as const };
  const { argv } = serverArguments(options, request);
  const dot = argv.indexOf('.');
  const args = [...argv.slice(0, dot), ...extra, ...argv.slice(dot)];
  await near.write([Buffer.from('@RSYNCD: 32.0 md5\nm\n')]);
  const connection = await behindOk(near);
  await near.write([encodeArguments(args, createDialect(32, 0))]);
  const result = await runClient(connection, {
    role,
    options,
    filters: [],
    sources: [`${at('source')}/`],
    destination: at('copy/'),
    handshake: { kind: 'daemon', protocol: 32 },
  });
  await serving;
  return { ...result, log: lines.join('\n') };
}

async function behindOk(connection: Connection): Promise<Connection> {
  const input = connection.input[Symbol.asyncIterator]();
  for (let said = ''; !said.includes('OK\n'); ) {
    said += Buffer.from((await input.next()).value ?? []).toString();
  }
  return { ...connection, input: { [Symbol.asyncIterator]: () => input } };
}

test.each(['m/dir/', 'm/../dir/', 'm/../../dir/../../dir/', 'm//dir/', 'm/d*/'])(
  '%s is the directory in the module',
  async (path) => {
    const { exitCode } = await transfer('receiver', path);
    expect(exitCode).toBe(0);
    expect(readdirSync(at('copy'), { recursive: true }).map(String)).toContain('inside');
  },
);

test.each(['m/../outside', 'm/../../../../etc/passwd', '/etc/passwd'])(
  '%s does not leave the module',
  async (path) => {
    expect((await transfer('receiver', path)).exitCode).toBe(23);
    expect(existsSync(at('copy/outside')) || existsSync(at('copy/passwd'))).toBe(false);
  },
);

test('what the module hides is not there', async () => {
  await transfer('receiver', 'm/');
  expect(readdirSync(at('copy'))).toEqual(['dir']);
});

test('pushes end inside, whatever the path, and are logged', async () => {
  const { exitCode, log } = await transfer('sender', 'm/../../up/');
  expect(exitCode).toBe(0);
  expect(existsSync(at('module/up/new'))).toBe(true);
  expect(log).toContain('recv new 3');
});

test('a temporary directory is one of the module', async () => {
  mkdirSync(at('tmp'));
  mkdirSync(at('module/tmp'));
  const { exitCode } = await transfer('sender', 'm/', ['--temp-dir', '/tmp']);
  expect(exitCode).toBe(0);
  expect(existsSync(at('module/new'))).toBe(true);
});

test.each([
  ['*.gz *.txt', '--zc=zlib', true],
  ['*.gz *', '--zc=zlib', false],
  ['*', '-zz', false],
  ['*', '--zc=zstd', true],
])('dont compress = %s, asked for %s: compresses %s', async (dontCompress, option, compresses) => {
  writeFileSync(at('module/dir/inside'), 'again and '.repeat(5000));
  const client = [option];
  const { exitCode, stats } = await transfer('receiver', 'dir/', [], {
    module: { dontCompress },
    client,
  });
  expect(exitCode).toBe(0);
  expect(readFileSync(at('copy/inside'), 'utf8')).toHaveLength(50_000);
  expect(stats.bytesReceived < 5000).toBe(compresses);
});
