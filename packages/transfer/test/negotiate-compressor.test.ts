import { ByteWriter, writeNameList, writeVarint } from '@deltawire/protocol';
import { connectionPair } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import { type Agreement, handshakeAsClient, handshakeAsServer } from '../src/handshake.ts';
import { DEFAULT_TRANSFER_OPTIONS, type TransferOptions } from '../src/index.ts';
import { Wire } from '../src/wire.ts';

type Options = Partial<TransferOptions>;

async function meet(client: Options, server: Options = client): Promise<(Agreement | Error)[]> {
  const [near, far] = connectionPair().map((end) => new Wire(end, { onMessage: () => {} }));
  const results = await Promise.allSettled([
    handshakeAsClient(near!, { ...DEFAULT_TRANSFER_OPTIONS, ...client }, { kind: 'binary' }, true),
    handshakeAsServer(
      far!,
      { ...DEFAULT_TRANSFER_OPTIONS, ...server },
      { kind: 'binary' },
      '.iLsfxCIvu',
      false,
    ),
  ]);
  return results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason));
}

const describeBoth = (results: readonly (Agreement | Error)[]): (string | undefined)[] =>
  results.map((result) => {
    if (result instanceof Error) return result.message;
    return result.compression && `${result.compression.name} ${result.compression.level}`;
  });

describe('both sides agree', () => {
  test.each<[string, Options, Options, string | undefined]>([
    ['nothing asked for', {}, {}, undefined],
    ['-z', { compress: 'auto' }, { compress: 'auto' }, 'zstd 3'],
    [
      '-z --compress-level=9',
      { compress: 'auto', compressLevel: 9 },
      { compress: 'auto', compressLevel: 9 },
      'zstd 9',
    ],
    ['-z at protocol 29', { compress: 'auto', protocol: 29 }, { compress: 'auto' }, 'zlib 6'],
    [
      '-z --zl=0 at protocol 29',
      { compress: 'auto', compressLevel: 0, protocol: 29 },
      { compress: 'auto', compressLevel: 0 },
      undefined,
    ],
    ['a choice', { compress: 'lz4' }, { compress: 'lz4' }, 'lz4 0'],
    ['a choice at protocol 27', { compress: 'zstd', protocol: 27 }, { compress: 'zstd' }, 'zstd 3'],
    ['no compression by choice', { compress: 'none' }, { compress: 'none' }, undefined],
    [
      'no compression by level',
      { compress: 'zlibx', compressLevel: 0 },
      { compress: 'zlibx', compressLevel: 0 },
      undefined,
    ],
    [
      'the client’s list',
      { compress: 'auto', compressList: ['zlib', 'lz4'] },
      { compress: 'auto' },
      'zlib 6',
    ],
    [
      'the server’s list',
      { compress: 'auto' },
      { compress: 'auto', compressList: ['ZLIBX', 'zlib'] },
      'zlibx 6',
    ],
    // The real program breaks here; a server that follows the client's order does not.
    [
      'lists in different orders',
      { compress: 'auto' },
      { compress: 'auto', compressList: ['zlib', 'zstd'] },
      'zstd 3',
    ],
    [
      'lists that begin with none',
      { compress: 'auto', compressList: ['none', 'zlib'] },
      { compress: 'auto' },
      undefined,
    ],
  ])('%s', async (_, client, server, agreed) => {
    expect(describeBoth(await meet(client, server))).toEqual([agreed, agreed]);
  });
});

describe('both sides give up', () => {
  test('without a common name', async () => {
    const results = await meet(
      { compress: 'auto', compressList: [] },
      { compress: 'auto', compressList: ['zlib'] },
    );
    expect(describeBoth(results)).toEqual([
      'Failed to negotiate a compress choice.\nServer list: zlib\nClient list: INVALID',
      'Failed to negotiate a compress choice.\nClient list: INVALID\nServer list: zlib',
    ]);
    for (const error of results) expect(error).toMatchObject({ exitCode: 4 });
  });

  test('when the client offers what an old server does not have', async () => {
    const [client] = await meet(
      { compress: 'auto', compressList: ['zstd'], protocol: 29 },
      { compress: 'auto' },
    );
    expect(client).toMatchObject({ exitCode: 4, code: 'NO_COMMON_COMPRESSOR' });
  });
});

test.each(['zstd', 'none'])('a server’s list refuses the choice %s', async (compress) => {
  // Before a byte is read or written.
  const wire = new Wire(connectionPair()[0], { onMessage: () => {} });
  const options = { ...DEFAULT_TRANSFER_OPTIONS, compress, compressList: ['zlib', 'lz4'] };
  const error = await handshakeAsServer(wire, options, { kind: 'binary' }, '.v', false).catch(
    (e) => e,
  );
  expect(error).toMatchObject({
    message: `Your --compress-choice value (${compress}) was refused by the server.`,
    exitCode: 4,
  });
});

/** Bytes that a client writes to a server with these compat flags and lists. */
async function written(
  options: Options,
  flags: number,
  lists: readonly string[][],
): Promise<string> {
  const [near, far] = connectionPair();
  const wire = new Wire(near, { onMessage: () => {} });
  const out = new ByteWriter();
  out.u32(32);
  writeVarint(out, flags);
  for (const list of lists) writeNameList(out, list);
  out.i32(1);
  await far.write(out.take());
  await handshakeAsClient(
    wire,
    { ...DEFAULT_TRANSFER_OPTIONS, ...options },
    { kind: 'binary' },
    true,
  );
  await wire.finish(0);
  const bytes: Uint8Array[] = [];
  for await (const chunk of far.input) bytes.push(chunk);
  return Buffer.concat(bytes).subarray(4).toString('latin1');
}

describe('what a client writes', () => {
  const CHECKSUMS = '\x1exxh128 xxh3 xxh64 md5 md4 sha1';
  const COMPRESSORS = '\x13zstd lz4 zlibx zlib';
  test('checksums, then compressors', async () => {
    const lists = [['md5'], ['zlib']];
    expect(await written({ compress: 'auto' }, 0x1fe, lists)).toBe(CHECKSUMS + COMPRESSORS);
  });
  test('a choice of one kind leaves the other', async () => {
    const checksumChoice = { transfer: 'md5', file: 'md5' };
    expect(await written({ compress: 'zlib' }, 0x1fe, [['md5']])).toBe(CHECKSUMS);
    expect(await written({ compress: 'auto', checksumChoice }, 0x1fe, [['zlib']])).toBe(
      COMPRESSORS,
    );
    expect(await written({ compress: 'none', checksumChoice }, 0x1fe, [])).toBe('');
  });
  test('nothing to a server that cannot negotiate', async () => {
    expect(await written({ compress: 'auto' }, 0x7e, [])).toBe('');
  });
});
