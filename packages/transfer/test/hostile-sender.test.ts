/*
 * A sender that does what it must not, against our receiving side: each check of
 * docs/spec/session.md §12.2 and docs/spec/data.md §14 that concerns it. Whatever it does, the
 * session ends with a typed error, nothing outside the destination changes, and no temporary file
 * stays behind.
 */

import { createHash } from 'node:crypto';
import { parseDirectives } from '@deltawire/filters';
import {
  encodeMessageValue,
  type FileEntry,
  ItemFlag,
  MessageTag,
  NDX_DEL_STATS,
  NDX_FLIST_OFFSET,
  type SumHead,
  writeVarint,
} from '@deltawire/protocol';
import { describe, expect, test } from 'vitest';
import {
  NO_BASIS,
  OUTSIDE,
  type Outcome,
  type PeerSettings,
  pullFrom,
  pushFrom,
  type SenderPeer,
} from './scripted-peer.ts';

const top: Partial<FileEntry> = { name: '.', mode: 0o40755, topDir: true };
const directory = (name: string): Partial<FileEntry> => ({ name, mode: 0o40755 });
const link = (name: string, linkTarget: string): Partial<FileEntry> => ({
  name,
  mode: 0o120777,
  linkTarget,
});
const file = (name: string, size = 5): Partial<FileEntry> => ({ name, size });

const md5 = (bytes: string | Uint8Array): Uint8Array => createHash('md5').update(bytes).digest();
const content = (text: string): { bytes: Uint8Array; sum: Uint8Array } => ({
  bytes: Buffer.from(text),
  sum: md5(text),
});
const hello = (): ReturnType<typeof content> => content('hello');

type Script = (peer: SenderPeer) => Promise<void> | void;

/** A list with one file, up to its request. */
const untilRequest =
  (then: (peer: SenderPeer, ndx: number, head: SumHead) => Promise<void> | void): Script =>
  async (peer) => {
    peer.list([top, file('f')]);
    if (peer.dialect.incRecurse) peer.endOfLists();
    const { ndx, head } = await peer.transferRequest();
    await then(peer, ndx, head);
  };

const afterList =
  (then: (peer: SenderPeer) => void): Script =>
  (peer) => {
    peer.list([top, file('f')]);
    if (peer.dialect.incRecurse) peer.endOfLists();
    then(peer);
  };

/** An entry that the codec would not write. `long`: the length of the name as a varint. */
const rawEntry =
  (flags: number, long: readonly number[], nameBytes = 0, nanoseconds?: number): Script =>
  (peer) => {
    peer.begin();
    peer.write((out) => {
      writeVarint(out, flags);
      if (long.length === 0) out.u8(nameBytes);
      else for (const byte of long) out.u8(byte);
      out.bytes(new Uint8Array(nameBytes).fill(0x78));
      for (const byte of [0, 5, 0, 0x65, 0, 0xf1, 0x53]) out.u8(byte); // length, mtime
      if (nanoseconds !== undefined) writeVarint(out, nanoseconds);
      out.u32(0o100644);
    });
    peer.endList();
    peer.endOfLists();
  };

/** Only a list, which should be refused. */
const listed =
  (...entries: Partial<FileEntry>[]): Script =>
  (peer) => {
    peer.list(entries);
    if (peer.dialect.incRecurse) peer.endOfLists();
  };

function expectHarmless(outcome: Outcome): void {
  expect(outcome.typed, outcome.message).toBe(true);
  expect(outcome.outside).toEqual(OUTSIDE);
  const temporary = Object.keys(outcome.tree).filter((name) => /(^|\/)\..*\.\w{6}$/.test(name));
  expect(temporary).toEqual([]);
}

interface Case {
  readonly name: string;
  readonly script: Script;
  readonly exitCode: number;
  readonly message?: RegExp;
  readonly settings?: PeerSettings;
  /** Also as the server that receives; the client alone asks for names. @default true */
  readonly pushed?: boolean;
}

const flat: PeerSettings = { incremental: false };
const relative: PeerSettings = { options: { relative: true }, requested: ['src/./f'] };

const cases: Case[] = [
  // ------------------------------------------------------------------------------- names
  {
    name: 'a name with ..',
    script: listed(top, file('a/../../x')),
    exitCode: 4,
    message: /unsafe/,
  },
  { name: 'an absolute name', script: listed(top, file('/x')), exitCode: 4, message: /unsafe/ },
  { name: 'an empty name', script: rawEntry(0x18, []), exitCode: 4, message: /unsafe/ },
  {
    name: '.. with --relative',
    script: listed(file('../x')),
    exitCode: 4,
    message: /unsafe/,
    settings: relative,
  },
  {
    name: 'a name over 4095 bytes',
    script: rawEntry(0x58, [0x90, 0x00], 4096),
    exitCode: 22,
  },
  {
    name: 'a symlink target over 4095 bytes',
    script: listed(top, link('l', 'x'.repeat(4096))),
    exitCode: 22,
  },
  { name: 'a dot that is a file', script: listed(file('.')), exitCode: 2 },
  { name: 'an unknown type', script: listed(top, { name: 'x', mode: 0o170644 }), exitCode: 2 },
  { name: 'a mode of zero', script: listed(top, { name: 'x', mode: 0 }), exitCode: 2 },
  { name: 'a negative length', script: listed(top, file('x', -1)), exitCode: 4 },
  {
    name: 'too many nanoseconds',
    script: rawEntry(0x2018, [], 1, 1_000_000_000),
    exitCode: 2,
  },
  {
    name: 'a hard link to an entry that is not there',
    script: listed(top, { name: 'x', hardLink: { kind: 'follower', leader: 99 } }),
    exitCode: 2,
    settings: { options: { hardLinks: true } },
  },
  {
    name: 'a name that was not asked for',
    script: listed(file('other')),
    exitCode: 4,
    message: /unrequested/,
    settings: { requested: ['src/f'] },
    pushed: false,
  },
  {
    name: 'a name in a directory that was not asked for',
    script: (peer) => {
      peer.list([directory('d')]);
      peer.list([file('d/x')], 0);
    },
    exitCode: 4,
    message: /unrequested/,
    settings: { requested: ['src/f'] },
    pushed: false,
  },
  {
    name: 'a name that the client excludes',
    script: listed(top, file('x.o')),
    exitCode: 4,
    message: /excluded/,
    settings: {
      filters: parseDirectives([{ kind: 'exclude', pattern: '*.o' }], {
        readFile: () => undefined,
      }),
    },
    pushed: false,
  },
  // ------------------------------------------------------------------------------- lists
  {
    name: 'a second list for a directory',
    script: (peer) => {
      peer.list([top, directory('d')]);
      peer.list([file('d/a')], 1);
      peer.list([file('d/b')], 1);
    },
    exitCode: 2,
  },
  {
    name: 'a list for a directory that is not there',
    script: (peer) => {
      peer.list([top, directory('d')]);
      peer.list([file('x/a')], 7);
    },
    exitCode: 2,
  },
  {
    name: 'a list after the last one',
    script: (peer) => {
      peer.list([top, directory('d')]);
      peer.endOfLists();
      peer.list([file('d/a')], 1);
    },
    exitCode: 2,
  },
  {
    name: 'the end of lists twice',
    script: (peer) => {
      peer.list([top, directory('d')]);
      peer.endOfLists();
      peer.endOfLists();
    },
    exitCode: 2,
  },
  {
    name: 'an entry outside the announced directory',
    script: (peer) => {
      peer.list([top, directory('d'), directory('e')]);
      peer.list([file('e/a')], 1);
    },
    exitCode: 4,
    message: /invalid path/,
  },
  {
    name: 'an entry of the top in a list of a directory',
    script: (peer) => {
      peer.list([top, directory('d')]);
      peer.list([link('e', '../outside')], 1);
    },
    exitCode: 4,
  },
  {
    name: 'an entry whose directory is not in the list',
    script: listed(top, file('d/a')),
    exitCode: 4,
    message: /invalid path/,
    settings: flat,
  },
  {
    name: 'a list where none is expected',
    script: (peer) => {
      peer.list([top, file('f')]);
      peer.ndx(NDX_FLIST_OFFSET - 0);
    },
    exitCode: 2,
    settings: flat,
  },
  {
    name: 'a first list that is said to be of a directory',
    script: (peer) => {
      peer.list([top]);
      peer.list([file('d/a')], 5);
    },
    exitCode: 2,
  },
  // ----------------------------------------------------------------------------- indexes
  {
    name: 'an index beyond the lists',
    script: afterList((peer) => peer.item(99, ItemFlag.TRANSFER)),
    exitCode: 2,
  },
  {
    name: 'an index that means nothing',
    script: afterList((peer) => peer.ndx(-50)),
    exitCode: 2,
  },
  {
    name: 'the content of a directory',
    script: afterList((peer) => peer.item(peer.dialect.incRecurse ? 1 : 0, ItemFlag.TRANSFER)),
    exitCode: 2,
  },
  {
    name: 'content that was not asked for',
    script: (peer) => {
      peer.list([top, file('f'), { ...file('g'), size: 0 }]);
      peer.endOfLists();
      peer.answer(2, NO_BASIS);
    },
    exitCode: 2,
    settings: {
      files: { f: { content: '12345', mtime: 1_700_000_000 }, g: '' },
      options: { existing: true },
    },
  },
  {
    name: 'the same content twice',
    script: untilRequest((peer, ndx, head) => {
      peer.answer(ndx, head);
      peer.content(hello().bytes, hello().sum);
      peer.answer(ndx, head);
      peer.content(hello().bytes, hello().sum);
    }),
    exitCode: 2,
    message: /not asked for/,
  },
  {
    name: 'the refusal of an index beyond the lists',
    script: afterList((peer) => peer.message(MessageTag.NO_SEND, encodeMessageValue(99))),
    exitCode: 2,
  },
  {
    name: 'an index in a list that was dropped',
    script: async (peer) => {
      peer.list([top, directory('d'), file('f')]);
      peer.list([file('d/g')], 1);
      peer.endOfLists();
      const first = await peer.transferRequest();
      peer.answer(first.ndx, first.head);
      peer.content(hello().bytes, hello().sum);
      while ((await peer.request()).ndx !== -1);
      peer.done(); // the first list is gone
      peer.answer(first.ndx, first.head);
      peer.content(hello().bytes, hello().sum);
    },
    exitCode: 2,
  },
  // ---------------------------------------------------------------------------- contents
  ...(
    [
      ['a negative block count', { blockCount: -1 }],
      ['a negative block length', { blockLength: -1 }],
      ['a block length beyond the limit', { blockCount: 1, blockLength: 131_073 }],
      ['blocks without a length', { blockCount: 1, blockLength: 0 }],
      ['a strong sum longer than the digest', { strongLength: 17 }],
      ['a negative strong sum', { strongLength: -1 }],
      [
        'a remainder longer than a block',
        { blockCount: 1, blockLength: 700, remainderLength: 701 },
      ],
      ['a negative remainder', { remainderLength: -1 }],
      [
        'another number of blocks than was sent',
        { blockCount: 9, blockLength: 700, strongLength: 2 },
      ],
    ] as const
  ).map(
    ([name, head]): Case => ({
      name,
      script: untilRequest((peer, ndx) => peer.answer(ndx, { ...NO_BASIS, ...head })),
      exitCode: 2,
    }),
  ),
  {
    name: 'a match without a basis',
    script: untilRequest((peer, ndx, head) => {
      peer.answer(ndx, head);
      peer.write((out) => out.i32(-1));
    }),
    exitCode: 2,
  },
  {
    name: 'a match beyond the last block',
    script: untilRequest((peer, ndx, head) => {
      peer.answer(ndx, head);
      peer.write((out) => out.i32(-(head.blockCount + 1)));
    }),
    exitCode: 2,
    settings: { files: { f: 'an older and longer version' } },
  },
  {
    name: 'the smallest token there is',
    script: untilRequest((peer, ndx, head) => {
      peer.answer(ndx, head);
      peer.write((out) => out.i32(-0x80000000));
    }),
    exitCode: 2,
    settings: { files: { f: 'an older and longer version' } },
  },
  {
    name: 'a literal that never ends',
    script: untilRequest((peer, ndx, head) => {
      peer.answer(ndx, head);
      peer.write((out) => {
        out.i32(0x7fffffff);
        out.bytes(new Uint8Array(100_000));
      });
    }),
    exitCode: 12,
    message: /unexpectedly closed/,
  },
  {
    name: 'content in the last phase',
    script: async (peer) => {
      peer.list([top, file('f')]);
      peer.endOfLists();
      await peer.request();
      const { ndx, head } = await peer.transferRequest();
      for (let i = 0; i < 2; i++) peer.done();
      peer.answer(ndx, head);
    },
    exitCode: 2,
  },
  // -------------------------------------------------------------------------------- ends
  {
    name: 'a DONE too many for the lists',
    script: (peer) => {
      peer.list([top, directory('d'), file('f')]);
      peer.list([file('d/g')], 1);
      peer.endOfLists();
      peer.done();
    },
    exitCode: 2,
    message: /the generator has not/,
  },
  {
    name: 'a phase that ends before the lists do',
    script: (peer) => {
      peer.list([top, file('f')]);
      peer.done();
    },
    exitCode: 2,
  },
  {
    name: 'DONEs without end',
    script: (peer) => {
      peer.list([top, file('f')]);
      peer.endOfLists();
      for (let i = 0; i < 100_000; i++) peer.ndx(-1);
    },
    exitCode: 2,
  },
  {
    name: 'an index in place of the goodbye',
    script: async (peer) => {
      peer.list([top, file('f')]);
      peer.endOfLists();
      await peer.behave(hello).catch(() => {});
      peer.ndx(5);
    },
    exitCode: 0, // it came after the end
  },
  {
    name: 'a negative number of deletions',
    script: afterList((peer) => {
      peer.ndx(NDX_DEL_STATS);
      peer.write((out) => {
        writeVarint(out, -1);
        for (let i = 0; i < 4; i++) writeVarint(out, 0);
      });
    }),
    exitCode: 2,
  },
  {
    name: 'more deletions than there can be',
    script: afterList((peer) => {
      peer.ndx(NDX_DEL_STATS);
      peer.write((out) => {
        writeVarint(out, 2 ** 28 + 1);
        for (let i = 0; i < 4; i++) writeVarint(out, 0);
      });
    }),
    exitCode: 2,
  },
  // ---------------------------------------------------------------------------- messages
  {
    name: 'a message of a tag that is not for the wire',
    script: afterList((peer) => peer.message(MessageTag.REDO, encodeMessageValue(1))),
    exitCode: 12,
    message: /tag/,
  },
  {
    name: 'a message of an unknown tag',
    script: afterList((peer) => peer.message(77, new Uint8Array(0))),
    exitCode: 12,
    message: /tag/,
  },
  {
    name: 'a message of the wrong length',
    script: afterList((peer) => peer.message(MessageTag.IO_ERROR, new Uint8Array(5))),
    exitCode: 12,
    message: /invalid multi-message/,
  },
  {
    name: 'a text that is too long',
    script: afterList((peer) => peer.message(MessageTag.INFO, new Uint8Array(5120))),
    exitCode: 12,
    message: /overflow/,
  },
];

describe.each(cases)('$name', ({ script, exitCode, message, settings, pushed }) => {
  test('to our client', async () => {
    const outcome = await pullFrom(script, settings);
    expectHarmless(outcome);
    expect(outcome.exitCode, outcome.message).toBe(exitCode);
    if (message !== undefined) expect(outcome.message).toMatch(message);
  });

  test.skipIf(pushed === false)('to our server', async () => {
    const outcome = await pushFrom(script, settings);
    expectHarmless(outcome);
    expect(outcome.exitCode, outcome.message).toBe(exitCode);
  });
});

describe.each([true, false])('a name below a symlink, incremental: %s', (incremental) => {
  const settings: PeerSettings = { incremental, options: { ignoreTimes: true } };

  test('that is in the same list', async () => {
    const outcome = await pullFrom(async (peer) => {
      peer.list([top, link('d', '../outside'), ...(incremental ? [] : [file('d/precious')])]);
      if (incremental) peer.list([file('d/precious')], 1);
      await peer.transferRequest();
    }, settings);
    expectHarmless(outcome);
    expect([2, 4]).toContain(outcome.exitCode);
  });

  test('that is listed beside a directory of the same name', async () => {
    const outcome = await pullFrom(async (peer) => {
      peer.list([
        top,
        directory('d'),
        link('d', '../outside'),
        ...(incremental ? [] : [file('d/precious')]),
      ]);
      if (incremental) {
        peer.list([file('d/precious')], 1);
        peer.endOfLists();
      }
      await peer.behave(hello);
    }, settings);
    expectHarmless(outcome);
    // The directory counts; the link is a duplicate.
    expect(outcome.tree.d).not.toBe('-> ../outside');
  });

  test('that is written another way', async () => {
    const outcome = await pullFrom(async (peer) => {
      peer.list([top, link('d/', '../outside'), ...(incremental ? [] : [file('d//precious')])]);
      if (incremental) peer.list([file('./d/./precious')], 1);
      await peer.transferRequest();
    }, settings);
    expectHarmless(outcome);
    expect([2, 4]).toContain(outcome.exitCode);
  });

  test('that is at the destination', async () => {
    const outcome = await pullFrom(
      async (peer) => {
        peer.list([top, directory('d'), ...(incremental ? [] : [file('d/precious')])]);
        if (incremental) {
          peer.list([file('d/precious')], 1);
          peer.endOfLists();
        }
        await peer.behave(hello);
      },
      { ...settings, files: { d: { link: '../outside' } } },
    );
    expectHarmless(outcome);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.tree).toEqual({ d: 'directory', 'd/precious': 'hello' });
  });

  test('that is at the destination, to our server', async () => {
    const outcome = await pushFrom(
      async (peer) => {
        peer.list([top, directory('d'), ...(incremental ? [] : [file('d/precious')])]);
        if (incremental) {
          peer.list([file('d/precious')], 1);
          peer.endOfLists();
        }
        await peer.behave(hello);
      },
      {
        ...settings,
        files: { d: { link: '../outside' } },
        options: { ignoreTimes: true, keepDirlinks: true },
      },
    );
    // Dirlinks are kept only as far as they stay inside.
    expectHarmless(outcome);
  });

  test('that replaces a file which is updated in place', async () => {
    const outcome = await pullFrom(
      async (peer) => {
        peer.list([top, file('precious')]);
        if (incremental) peer.endOfLists();
        await peer.behave(hello);
      },
      {
        ...settings,
        files: { precious: { link: '../outside/precious' } },
        options: { ignoreTimes: true, inplace: true },
      },
    );
    expectHarmless(outcome);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.tree).toEqual({ precious: 'hello' });
  });
});

describe('what does no harm', () => {
  const transfer = afterList(() => {});
  const rest =
    (before: Script): Script =>
    async (peer) => {
      await transfer(peer);
      await before(peer);
      await peer.behave(hello);
    };

  test('empty frames without end', async () => {
    const outcome = await pullFrom(
      rest((peer) => {
        for (let i = 0; i < 100_000; i++) peer.message(MessageTag.DATA, new Uint8Array(0));
      }),
    );
    expect(outcome).toMatchObject({ exitCode: 0, tree: { f: 'hello' } });
  });

  test.each([0, -1, 86_401, 2 ** 31 - 1])('a timeout of %i', async (seconds) => {
    const outcome = await pullFrom(
      rest((peer) => peer.message(MessageTag.IO_TIMEOUT, encodeMessageValue(seconds))),
    );
    expect(outcome).toMatchObject({ exitCode: 0, tree: { f: 'hello' } });
  });

  test('error bits that do not exist', async () => {
    const outcome = await pullFrom(
      rest((peer) => peer.message(MessageTag.IO_ERROR, encodeMessageValue(0x7ffffff0))),
    );
    expect(outcome.exitCode).toBe(0);
  });

  test('texts without end, which nobody keeps', async () => {
    let bytes = 0;
    const outcome = await pullFrom(
      rest((peer) => {
        for (let i = 0; i < 2000; i++) peer.message(MessageTag.INFO, new Uint8Array(5119));
      }),
      {
        run: {
          onEvent: (event) => {
            if (event.kind === 'message') bytes += event.text.length;
          },
        },
      },
    );
    expect(outcome.exitCode).toBe(0);
    expect(bytes).toBe(2000 * 5119);
  });

  test('a refusal to send, instead of content', async () => {
    const outcome = await pullFrom(async (peer) => {
      peer.list([top, file('f')]);
      peer.endOfLists();
      const { ndx } = await peer.transferRequest();
      peer.message(MessageTag.NO_SEND, encodeMessageValue(ndx));
      peer.message(MessageTag.NO_SEND, encodeMessageValue(ndx)); // again
      await peer.behave(hello);
    });
    expect(outcome).toMatchObject({ exitCode: 0, tree: {} });
  });
});

describe('the end of the peer', () => {
  test.each([200, 23, 255])('with code %i', async (code) => {
    const outcome = await pullFrom(
      afterList((peer) => peer.message(MessageTag.ERROR_EXIT, encodeMessageValue(code))),
    );
    expectHarmless(outcome);
    expect(outcome.exitCode).toBe(code);
  });

  test('with a code of 0, which it is free to choose', async () => {
    const outcome = await pullFrom(
      afterList((peer) => peer.message(MessageTag.ERROR_EXIT, encodeMessageValue(0))),
    );
    expectHarmless(outcome);
    expect(outcome).toMatchObject({ exitCode: 0, message: expect.stringContaining('exit code 0') });
  });

  test('in the middle of a file', async () => {
    const outcome = await pullFrom(
      untilRequest((peer, ndx, head) => {
        peer.answer(ndx, head);
        peer.write((out) => {
          out.i32(1000);
          out.bytes(new Uint8Array(500));
        });
        peer.message(MessageTag.ERROR_EXIT, encodeMessageValue(11));
      }),
      { files: { f: 'old' } },
    );
    expectHarmless(outcome);
    expect(outcome).toMatchObject({ exitCode: 11, tree: { f: 'old' } });
  });
});

describe('content that does not verify', () => {
  const wrong = { bytes: Buffer.from('hello'), sum: new Uint8Array(16) };

  test('is asked for once more, with full sums', async () => {
    const heads: SumHead[] = [];
    let tries = 0;
    const outcome = await pullFrom(
      async (peer) => {
        peer.list([top, file('f')]);
        peer.endOfLists();
        for (const answer of [wrong, hello()]) {
          const { ndx, head } = await peer.transferRequest();
          heads.push(head);
          tries++;
          peer.answer(ndx, head);
          peer.content(answer.bytes, answer.sum);
        }
        await peer.behave(hello);
      },
      { files: { f: 'an older version' } },
    );
    expectHarmless(outcome);
    expect(tries).toBe(2);
    expect(heads.map(({ strongLength }) => strongLength)).toEqual([2, 16]);
    expect(outcome).toMatchObject({ exitCode: 0, tree: { f: 'hello' } });
  });

  test.each([32, 29])('is given up the second time, protocol %i', async (protocol) => {
    const outcome = await pullFrom(
      async (peer) => {
        peer.list([top, file('f')]);
        if (peer.dialect.incRecurse) peer.endOfLists();
        await peer.behave(() => wrong);
      },
      { protocol, incremental: protocol >= 30, files: { f: 'an older version' } },
    );
    expectHarmless(outcome);
    expect(outcome).toMatchObject({ exitCode: 23, tree: { f: 'an older version' } });
    const texts = outcome.events.flatMap((event) => (event.kind === 'message' ? [event.text] : []));
    expect(texts.join('')).toMatch(/ERROR: f failed verification/);
  });
});

test('what a peer announces is not what memory is kept for', async () => {
  const before = process.memoryUsage();
  await pullFrom(
    untilRequest((peer, ndx, head) => {
      peer.answer(ndx, head);
      peer.write((out) => out.i32(0x7fffffff));
      for (let i = 0; i < 256; i++) peer.write((out) => out.bytes(new Uint8Array(65_536)));
    }),
  );
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024);
});
