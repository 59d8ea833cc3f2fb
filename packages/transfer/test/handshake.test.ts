import { CHECKSUM_NAMES } from '@deltawire/checksums';
import { ByteWriter, writeNameList, writeVarint } from '@deltawire/protocol';
import { describe, expect, test } from 'vitest';
import { connectionPair, everySplit } from '../../testkit/src/index.ts';
import {
  type Agreement,
  type HandshakeStart,
  handshakeAsClient,
  handshakeAsServer,
} from '../src/handshake.ts';
import { DEFAULT_TRANSFER_OPTIONS, type TransferOptions } from '../src/index.ts';
import { Wire } from '../src/wire.ts';

const binary: HandshakeStart = { kind: 'binary' };

interface Meeting {
  readonly client?: Partial<TransferOptions>;
  readonly server?: Partial<TransferOptions>;
  readonly clientInfo?: string;
  /** The client receives. @default true */
  readonly pull?: boolean;
  readonly start?: HandshakeStart;
}

async function meet(meeting: Meeting): Promise<[Agreement, Agreement]> {
  const { clientInfo = '.iLsfxCIvu', pull = true, start = binary } = meeting;
  const [near, far] = connectionPair();
  const wires = [near, far].map((end) => new Wire(end, { onMessage: () => {} })) as [Wire, Wire];
  const common = { ...DEFAULT_TRANSFER_OPTIONS, recursive: true, checksumSeed: 7 };
  const server = { ...common, ...meeting.server };
  const client = { ...common, ...meeting.client };
  return Promise.all([
    handshakeAsClient(wires[0], client, start, pull),
    handshakeAsServer(wires[1], server, start, clientInfo, !pull),
  ]);
}

describe.each([27, 28, 29, 30, 31, 32])('at protocol %i', (protocol) => {
  test.each(['client', 'server'] as const)(
    'both sides agree when the %s is older',
    async (side) => {
      const [client, server] = await meet({ [side]: { protocol } });
      expect(client).toEqual(server);
      expect(client.dialect.protocol).toBe(protocol);
      expect(client.seed).toBe(7);
      expect(client.checksum.name).toBe(protocol >= 30 ? 'xxh128' : 'md4');
      expect(client.dialect.incRecurse).toBe(protocol >= 30);
    },
  );
});

test('a daemon has agreed on the version before', async () => {
  const [client, server] = await meet({ start: { kind: 'daemon', protocol: 31 } });
  expect(client).toEqual(server);
  expect(client.dialect.protocol).toBe(31);
});

test('a client without negotiation gets md5', async () => {
  const [near, far] = connectionPair();
  const wire = new Wire(near, { onMessage: () => {} });
  const out = new ByteWriter();
  out.u32(32);
  await far.write([out.take()]);
  const server = await handshakeAsServer(wire, DEFAULT_TRANSFER_OPTIONS, binary, '.iLsfx', false);
  expect(server.checksum.name).toBe('md5');
  expect(server.dialect.varintFlistFlags).toBe(false);
});

test.each(CHECKSUM_NAMES)('a choice of %s needs no negotiation', async (name) => {
  const checksumChoice = { transfer: name, file: 'md5' };
  const [client, server] = await meet({ client: { checksumChoice }, server: { checksumChoice } });
  expect(client).toEqual(server);
  expect(client.checksum.name).toBe(name);
  expect(client.fileChecksum).toBe('md5');
});

test('incremental recursion is for those who can and want it', async () => {
  const incremental = async (meeting: Meeting): Promise<boolean> =>
    (await meet(meeting))[0].dialect.incRecurse;
  expect(await incremental({})).toBe(true);
  expect(await incremental({ clientInfo: '.LsfxCIvu', client: { incRecursive: false } })).toBe(
    false,
  );
  expect(await incremental({ client: { recursive: false }, server: { recursive: false } })).toBe(
    false,
  );
  const after = { deleteMode: 'after' } as const;
  expect(await incremental({ pull: false, client: after, server: after })).toBe(false);
  const during = { deleteMode: 'during' } as const;
  expect(await incremental({ pull: false, client: during, server: during })).toBe(true);
});

/** A server made of bytes. */
async function clientAgainst(
  put: (out: ByteWriter) => void,
  options: Partial<TransferOptions> = {},
): Promise<Agreement> {
  const [near, far] = connectionPair();
  const out = new ByteWriter();
  put(out);
  await far.write([out.take()]);
  await far.end();
  const wire = new Wire(near, { onMessage: () => {} });
  return handshakeAsClient(wire, { ...DEFAULT_TRANSFER_OPTIONS, ...options }, binary, true);
}

test.each([0, 19, 26, 41, 1000, -1, 0x2e206425])(
  'version %i is refused with exit code 2',
  async (v) => {
    await expect(clientAgainst((out) => out.i32(v))).rejects.toMatchObject({ exitCode: 2 });
  },
);

test('a newer peer speaks our version', async () => {
  const { dialect } = await clientAgainst((out) => {
    out.u32(40);
    writeVarint(out, 0x1fe);
    writeNameList(out, ['md5']);
    out.i32(3);
  });
  expect(dialect.protocol).toBe(32);
});

test('incremental recursion that nobody offered is refused', async () => {
  await expect(
    clientAgainst((out) => {
      out.u32(32);
      writeVarint(out, 0x1ff);
      writeNameList(out, ['md5']);
      out.i32(3);
    }),
  ).rejects.toMatchObject({ exitCode: 1, code: 'INC_RECURSE_REFUSED' });
});

test('no common checksum: exit code 4, and both lists are shown', async () => {
  await expect(
    clientAgainst((out) => {
      out.u32(32);
      writeVarint(out, 0x1fe);
      writeNameList(out, ['crc32', 'blake3']);
      out.i32(3);
    }),
  ).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('crc32 blake3'),
  });
});

test('--prune-empty-dirs needs protocol 29', async () => {
  await expect(clientAgainst((out) => out.u32(28), { pruneEmptyDirs: true })).rejects.toMatchObject(
    { exitCode: 2 },
  );
});

test('--checksum needs a checksum', async () => {
  const checksumChoice = { transfer: 'none', file: 'none' };
  await expect(
    clientAgainst(
      (out) => {
        out.u32(32);
        writeVarint(out, 0x1fe);
        out.i32(3);
      },
      { checksum: true, checksumChoice },
    ),
  ).rejects.toMatchObject({ exitCode: 1 });
});

test('the bytes may arrive in any pieces', async () => {
  const out = new ByteWriter();
  out.u32(32);
  writeVarint(out, 0x1ff);
  writeNameList(out, ['md5', 'xxh64']);
  out.i32(-5);
  const bytes = out.take().slice();
  const options = { ...DEFAULT_TRANSFER_OPTIONS, recursive: true };
  for (const chunks of everySplit(bytes)) {
    const [near, far] = connectionPair();
    const wire = new Wire(near, { onMessage: () => {} });
    const agreed = handshakeAsClient(wire, options, binary, true);
    await far.write(chunks);
    const { seed, checksum } = await agreed;
    expect(seed).toBe(-5);
    expect(checksum.name).toBe('xxh64');
  }
});
