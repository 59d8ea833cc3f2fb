/*
 * A receiving side that does what it must not, against our sender: the checks of
 * docs/spec/session.md §12.2 that concern it. The session ends with a typed error, nothing but the
 * source is ever read, and what the peer does not read is not produced.
 */

import { type FilterRule, parseDirectives } from '@deltawire/filters';
import {
  ByteWriter,
  encodeMessageValue,
  ItemFlag,
  MessageTag,
  NDX_DEL_STATS,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  writeVarint,
} from '@deltawire/protocol';
import { describe, expect, test } from 'vitest';
import { makeTree, temporaryDirectory } from '../../testkit/src/index.ts';
import { connectionPair, runServer } from '../src/index.ts';
import {
  ARCHIVE,
  type GeneratorPeer,
  NO_BASIS,
  OUTSIDE,
  type PeerSettings,
  serveTo,
} from './scripted-peer.ts';

type Script = (peer: GeneratorPeer) => Promise<void> | void;

const files = { 'd/g': 'inside', f: 'hello' };

/** The lists have been read; `index` finds an entry by name. */
const afterLists =
  (
    then: (peer: GeneratorPeer, index: (name: string) => number) => Promise<void> | void,
    more: (peer: GeneratorPeer) => Promise<void> = (peer) => peer.drain(),
  ): Script =>
  async (peer) => {
    peer.noRules();
    peer.wire.flush();
    const names = await peer.lists();
    await then(peer, (name) => [...names].find(([, listed]) => listed === name)?.[0] ?? -1);
    await more(peer);
  };

interface Case {
  readonly name: string;
  readonly script: Script;
  readonly exitCode: number;
  readonly settings?: PeerSettings;
}

const badHead = (name: string, head: Partial<typeof NO_BASIS>, exitCode = 2): Case => ({
  name,
  script: afterLists((peer, index) => peer.ask(index('f'), { ...NO_BASIS, ...head })),
  exitCode,
});

const rule = (text: string, length = text.length): Script => {
  return (peer) =>
    peer.write((out) => {
      out.i32(length);
      out.string(text);
      out.i32(0);
    });
};

const cases: Case[] = [
  // ----------------------------------------------------------------------------- indexes
  { name: 'an index beyond the lists', script: afterLists((peer) => peer.ask(99)), exitCode: 2 },
  {
    name: 'the content of a directory',
    script: afterLists((peer, index) => peer.ask(index('.'))),
    exitCode: 2,
  },
  {
    name: 'the content of a symlink',
    script: afterLists((peer, index) => peer.ask(index('l'))),
    exitCode: 2,
    settings: { files: { l: { link: '../outside/precious' } } },
  },
  { name: 'the end of lists', script: afterLists((peer) => peer.ndx(NDX_FLIST_EOF)), exitCode: 2 },
  { name: 'a list', script: afterLists((peer) => peer.ndx(NDX_FLIST_OFFSET - 1)), exitCode: 2 },
  { name: 'an index that means nothing', script: afterLists((peer) => peer.ndx(-50)), exitCode: 2 },
  {
    name: 'an index in a list that was dropped',
    script: afterLists((peer, index) => {
      peer.done();
      peer.ask(index('f'));
    }),
    exitCode: 2,
  },
  {
    name: 'content in the last phase',
    script: afterLists((peer, index) => {
      for (let i = 0; i < 2; i++) peer.done();
      peer.ask(index('f'));
    }),
    exitCode: 2,
    settings: { incremental: false },
  },
  {
    name: 'an index in place of the goodbye',
    script: afterLists((peer) => {
      for (let i = 0; i < 3; i++) peer.done();
      peer.item(1, ItemFlag.REPORT_TIME);
    }),
    exitCode: 2,
    settings: { incremental: false },
  },
  // ------------------------------------------------------------------------------- sums
  badHead('a negative block count', { blockCount: -1 }),
  badHead('a negative block length', { blockLength: -1 }),
  badHead('a block length beyond the limit', { blockCount: 1, blockLength: 131_073 }),
  badHead('blocks without a length', { blockCount: 1 }),
  badHead('a strong sum longer than the digest', { blockLength: 700, strongLength: 17 }),
  badHead('a negative strong sum', { strongLength: -1 }),
  badHead('a remainder longer than a block', {
    blockCount: 1,
    blockLength: 700,
    remainderLength: 701,
  }),
  badHead(
    'more sums than fit into memory',
    { blockCount: 2 ** 31 - 1, blockLength: 700, strongLength: 16 },
    22,
  ),
  {
    name: 'sums that never come',
    script: afterLists(
      (peer, index) =>
        peer.ask(index('f'), {
          blockCount: 50_000_000,
          blockLength: 700,
          strongLength: 16,
          remainderLength: 0,
        }),
      async () => {},
    ),
    exitCode: 12,
  },
  // ------------------------------------------------------------------------------- rules
  { name: 'a rule that is too long', script: rule('x'.repeat(5120)), exitCode: 22 },
  { name: 'a rule of negative length', script: rule('', -5), exitCode: 22 },
  { name: 'a rule that makes no sense', script: rule('zzz x'), exitCode: 1 },
  // ---------------------------------------------------------------------------- messages
  {
    name: 'a timeout from a client',
    script: afterLists((peer) => peer.message(MessageTag.IO_TIMEOUT, encodeMessageValue(1))),
    exitCode: 12,
  },
  {
    name: 'a message of an unknown tag',
    script: afterLists((peer) => peer.message(99, new Uint8Array(0))),
    exitCode: 12,
  },
  {
    name: 'a negative number of deletions',
    script: afterLists((peer) => {
      peer.ndx(NDX_DEL_STATS);
      peer.write((out) => {
        writeVarint(out, -1);
        for (let i = 0; i < 4; i++) writeVarint(out, 0);
      });
    }),
    exitCode: 2,
  },
  {
    name: 'its own end',
    script: afterLists((peer) => peer.message(MessageTag.ERROR_EXIT, encodeMessageValue(77))),
    exitCode: 77,
  },
];

test.each(cases)('$name', async ({ script, exitCode, settings }) => {
  const outcome = await serveTo(script, { files, ...settings });
  expect(outcome.typed, outcome.message).toBe(true);
  expect(outcome.exitCode, outcome.message).toBe(exitCode);
  expect(outcome.outside).toEqual(OUTSIDE);
});

describe('a source that changes under the sender', () => {
  test('a file that becomes a symlink is not followed', async () => {
    using dir = temporaryDirectory();
    makeTree(dir.join('secret'), { key: 'secret' });
    makeTree(dir.join('src'), files);
    const { rmSync, symlinkSync } = await import('node:fs');
    const { GeneratorPeer: Played } = await import('./scripted-peer.ts');
    const [near, far] = connectionPair();
    const peer = Played.open(far, ARCHIVE, true);
    const server = runServer(near, {
      options: { ...ARCHIVE, sender: true, clientInfo: '.iLsfxCIvu' },
      paths: [`${dir.join('src')}/`],
      handshake: { kind: 'binary' },
    });
    const texts: string[] = [];
    await Promise.all([
      server,
      peer.play(
        afterLists(
          (p, index) => {
            rmSync(dir.join('src', 'f'));
            symlinkSync(dir.join('secret', 'key'), dir.join('src', 'f'));
            p.ask(index('f'));
            p.done();
          },
          async (p) => {
            await p.wire.read((r) => p.ndxIn.read(r));
          },
        ),
      ),
    ]);
    for (const { payload } of peer.messages) texts.push(Buffer.from(payload).toString('latin1'));
    expect(texts.join('')).not.toContain('secret\n');
    expect(peer.messages.map(({ tag }) => tag)).toContain(MessageTag.NO_SEND);
  });
});

describe('names of --files-from', () => {
  const listing = async (names: string): Promise<string[]> => {
    using dir = temporaryDirectory();
    makeTree(dir.join('src'), files);
    makeTree(dir.join('outside'), OUTSIDE);
    const { GeneratorPeer: Played } = await import('./scripted-peer.ts');
    const [near, far] = connectionPair();
    const options = { ...ARCHIVE, recursive: false, dirs: true, relative: true };
    const peer = Played.open(far, options, false);
    let listed: string[] = [];
    const server = runServer(near, {
      options: { ...options, sender: true, clientInfo: '.LsfxCIvu', filesFrom: '-', from0: true },
      paths: [`${dir.join('src')}/`],
      handshake: { kind: 'binary' },
    });
    await Promise.all([
      server,
      peer.play(async (p) => {
        p.noRules();
        p.write((out) => out.string(names));
        p.wire.flush();
        listed = [...(await p.lists()).values()];
      }),
    ]);
    return listed;
  };

  test('do not lead out of the directory they are about', async () => {
    expect(await listing('../outside/precious\0d/g\0\0')).toEqual(['d', 'd/g']);
    expect(await listing('/../outside/precious\0f\0\0')).toEqual(['f']);
    expect(await listing('d/../../outside/precious\0f\0\0')).toEqual(['f']);
  });
});

test('a name of --files-from without end is refused', async () => {
  const outcome = await serveTo(
    async (peer) => {
      peer.noRules();
      for (let i = 0; i < 64; i++) {
        peer.write((out) => out.bytes(new Uint8Array(65_536).fill(0x78)));
        if (peer.wire.congested) await peer.wire.drained();
      }
    },
    { files, options: { relative: true }, filesFrom: '-' },
  );
  expect(outcome.typed).toBe(true);
  expect(outcome.exitCode).not.toBe(0);
});

describe('a peer that asks and does not read', () => {
  /** Bytes that our side has handed over and the peer has not taken. */
  async function backlog(put: (out: ByteWriter, round: number) => void): Promise<number> {
    using dir = temporaryDirectory();
    makeTree(dir.join('src'), { f: Buffer.alloc(1_000_000, 0x61) });
    const [near, far] = connectionPair();
    let queued = 0;
    const counted = {
      ...near,
      async write(chunks: readonly Uint8Array[]): Promise<void> {
        for (const chunk of chunks) queued += chunk.length;
        await near.write(chunks);
      },
    };
    const server = runServer(counted, {
      options: { ...ARCHIVE, sender: true, clientInfo: '.LsfxCIvu' },
      paths: [`${dir.join('src')}/`],
      handshake: { kind: 'binary' },
    }).catch(() => {});
    const before = process.memoryUsage();
    const out = new ByteWriter();
    out.u32(32);
    await far.write([out.take()]);
    for (let round = 0; round < 200; round++) {
      put(out, round);
      const written = far.write([out.take()]);
      const waited = await Promise.race([
        written.then(() => false),
        new Promise<boolean>((resolve) => setTimeout(resolve, 100, true)),
      ]);
      if (waited) break; // it does not take more either: that is what we want
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    const growth = arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed;
    await far.close();
    await server;
    expect(growth).toBeLessThan(96 * 1024 * 1024);
    return queued;
  }

  const frame = (out: ByteWriter, tag: number, payload: Uint8Array): void => {
    out.u32(((7 + tag) << 24) | payload.length);
    out.bytes(payload);
  };

  test('for content', async () => {
    const request = new ByteWriter();
    const queued = await backlog((out, round) => {
      if (round === 0) request.i32(0);
      // The same file over and over: index 1, then a difference of 0.
      for (let i = 0; i < 3000; i++) {
        if (round === 0 && i === 0) request.u8(2);
        else request.bytes(Uint8Array.of(0xfe, 0, 0));
        request.u16(ItemFlag.TRANSFER);
        request.bytes(new Uint8Array(16));
      }
      frame(out, MessageTag.DATA, request.take());
    });
    expect(queued).toBeLessThan(8 * 1024 * 1024);
  });

  test('for items without content', async () => {
    const request = new ByteWriter();
    const queued = await backlog((out, round) => {
      if (round === 0) request.i32(0);
      for (let i = 0; i < 12_000; i++) {
        if (round === 0 && i === 0) request.u8(2);
        else request.bytes(Uint8Array.of(0xfe, 0, 0));
        request.u16(ItemFlag.REPORT_TIME);
      }
      frame(out, MessageTag.DATA, request.take());
    });
    expect(queued).toBeLessThan(8 * 1024 * 1024);
  });

  test('for its own texts', async () => {
    const request = new ByteWriter();
    const queued = await backlog((out, round) => {
      if (round === 0) {
        request.i32(0);
        frame(out, MessageTag.DATA, request.take());
      }
      for (let i = 0; i < 20; i++) frame(out, MessageTag.INFO, new Uint8Array(5119));
    });
    expect(queued).toBeLessThan(8 * 1024 * 1024);
  });
});

test('rules protect what they exclude from being asked for', async () => {
  const filters: FilterRule[] = parseDirectives([{ kind: 'exclude', pattern: 'f' }], {
    readFile: () => undefined,
  });
  expect(filters).toHaveLength(1);
  const outcome = await serveTo(
    async (peer) => {
      peer.write((out) => {
        out.i32(3);
        out.string('- f');
        out.i32(0);
      });
      peer.wire.flush();
      const names = await peer.lists();
      expect([...names.values()]).not.toContain('f');
    },
    { files },
  );
  expect(outcome.typed).toBe(true);
});
