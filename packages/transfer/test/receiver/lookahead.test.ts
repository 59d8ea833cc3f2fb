import { createSignaturePool, type SignaturePool } from '@deltawire/async-signature';
import { FileList } from '@deltawire/file-list';
import { DestinationRoot, lstat } from '@deltawire/filesystem';
import { createFileEntry, type FileEntry } from '@deltawire/protocol';
import { planBlocks } from '@deltawire/signature';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  makeTree,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../../../testkit/src/index.ts';
import type { PipelineOptions, TransferOptions } from '../../src/index.ts';
import { SignatureCache } from '../../src/pipeline/signature-cache.ts';
import { Alternates } from '../../src/receiver/alternates.ts';
import { AttributePolicy } from '../../src/receiver/attributes.ts';
import type { Destination } from '../../src/receiver/destination.ts';
import { Lookahead } from '../../src/receiver/lookahead.ts';
import { Placement } from '../../src/receiver/placement.ts';
import { QuickCheck } from '../../src/receiver/quick-check.ts';
import { SimilarFiles } from '../../src/receiver/similar-files.ts';
import { openSession } from '../sessions.ts';

/** Long enough to be handed over. */
const SIZE = 128 * 1024;

let pool: SignaturePool;
beforeAll(() => {
  pool = createSignaturePool({ threads: 1 });
});
afterAll(() => pool.close());

let dir: TemporaryDirectory;
const caches: SignatureCache[] = [];
beforeEach(() => {
  dir = temporaryDirectory();
});
afterEach(async () => {
  for (const cache of caches.splice(0)) await cache.close();
  dir.remove();
});

interface Opened {
  readonly lookahead: Lookahead;
  readonly list: FileList;
  /** Names whose signatures were asked for. */
  asked(): string[];
  path(position: number): string;
}

function open(
  entries: readonly FileEntry[],
  options: Partial<TransferOptions> = {},
  pipeline: PipelineOptions = {},
  enabled = true,
): Opened {
  const { session } = openSession({ times: true, ...options });
  const list = new FileList({ start: 1, wire: entries, directorySort: true });
  const names: string[] = [];
  const signatures = new SignatureCache({
    noAtime: false,
    checksum: session.agreement.checksum,
    plan: (length, full) => planBlocks(length, { protocol: 32, digestLength: 16, full }),
    stats: session.stats.signatures,
    emit: (event) => {
      if (event.kind !== 'signature' || event.phase !== 'requested') return;
      names.push(list.entries[event.ndx - list.start]!.name);
    },
    pipeline: { signatures: pool, ...pipeline },
  });
  caches.push(signatures);
  const root = new DestinationRoot(dir.join('dst'));
  const attributes = new AttributePolicy(session, undefined);
  const destination: Destination = {
    root,
    nameOf: (entry) => entry.name,
    created: false,
    missing: false,
  };
  const alternates = new Alternates({
    session,
    destination: root.path,
    check: new QuickCheck(session, attributes),
    imagined: false,
    isHidden: undefined,
    moduleRoot: undefined,
  });
  const lookahead = new Lookahead({
    session,
    destination,
    attributes,
    signatures,
    alternates,
    similar: new SimilarFiles({
      options: session.options,
      placement: new Placement(session, destination, undefined),
      attributes,
      alternates,
      isHidden: undefined,
    }),
    enabled,
  });
  lookahead.beginList(list);
  const path = (position: number): string => root.pathOf(list.entries[position]!.name);
  return { lookahead, list, asked: () => names, path };
}

/** Files `f0`, `f1`, … that are older at the destination. */
function outdated(count: number): FileEntry[] {
  const names = Array.from({ length: count }, (_, i) => `f${i}`);
  makeTree(dir.join('dst'), Object.fromEntries(names.map((name) => [name, Buffer.alloc(SIZE)])));
  return names.map((name) =>
    createFileEntry({ name, mode: 0o100644, size: SIZE, mtime: 1_700_000_000 }),
  );
}

test('the files that come next are asked for, and not the one whose turn it is', () => {
  const { lookahead, asked, path } = open(outdated(4));
  expect(lookahead.statOf(0, path(0))?.size).toBe(SIZE);
  expect(asked()).toEqual(['f1', 'f2', 'f3']);
  lookahead.statOf(1, path(1));
  expect(asked()).toHaveLength(3);
});

test('the window slides with the turns', () => {
  const { lookahead, asked, path } = open(outdated(8), {}, { windowFiles: 3 });
  lookahead.statOf(0, path(0));
  expect(asked()).toEqual(['f1', 'f2']);
  lookahead.statOf(1, path(1));
  expect(asked()).toEqual(['f1', 'f2', 'f3']);
});

test('what needs no signature is not asked for', () => {
  makeTree(dir.join('dst'), {
    same: { content: Buffer.alloc(SIZE), mtime: 1_700_000_000 },
    empty: '',
    link: { link: 'same' },
    'dir/': null,
    newer: { content: Buffer.alloc(SIZE), mtime: 1_800_000_000 },
    linked: Buffer.alloc(SIZE),
    older: Buffer.alloc(SIZE),
  });
  const wanted = { size: SIZE, mtime: 1_700_000_000 };
  const entries = [
    createFileEntry({ name: 'aaa', mode: 0o100644, ...wanted }),
    createFileEntry({ name: 'dir', mode: 0o40755 }),
    createFileEntry({ name: 'empty', mode: 0o100644, ...wanted }),
    createFileEntry({ name: 'link', mode: 0o120777, linkTarget: 'x' }),
    createFileEntry({ name: 'linked', mode: 0o100644, hardLink: { kind: 'leader' }, ...wanted }),
    createFileEntry({ name: 'missing', mode: 0o100644, ...wanted }),
    createFileEntry({ name: 'newer', mode: 0o100644, ...wanted }),
    createFileEntry({ name: 'older', mode: 0o100644, ...wanted }),
    createFileEntry({ name: 'same', mode: 0o100644, ...wanted }),
  ];
  const { lookahead, asked, path } = open(entries, { update: true });
  lookahead.statOf(0, path(0));
  expect(asked()).toEqual(['older']);
});

test.each([
  ['nothing but sizes count', { sizeOnly: true }, []],
  ['times are ignored', { ignoreTimes: true }, ['f1']],
  ['what exists is left alone', { ignoreExisting: true }, []],
  ['it is a dry run', { dryRun: true }, []],
  ['contents are compared', { checksum: true }, []],
  ['what is there is appended to', { append: 1 }, []],
  ['it is copied away before it is changed', { inplace: true, backup: true }, []],
] as const)('when %s', (_, options, expected) => {
  const { lookahead, asked, path } = open(outdated(2), options);
  lookahead.statOf(0, path(0));
  expect(asked()).toEqual(expected);
});

test('what was seen ahead is used at the turn, once', () => {
  const { lookahead, path } = open(outdated(3));
  lookahead.statOf(0, path(0));
  makeTree(dir.join('dst'), { f1: 'changed', f2: 'changed' });
  expect(lookahead.statOf(1, path(1))?.size).toBe(SIZE);
  lookahead.invalidate();
  expect(lookahead.statOf(2, path(2))?.size).toBe(7);
});

test('switched off, every file is looked at when its turn comes', () => {
  const { lookahead, asked, path } = open(outdated(3), {}, {}, false);
  lookahead.statOf(0, path(0));
  makeTree(dir.join('dst'), { f1: 'changed' });
  expect(lookahead.statOf(1, path(1))?.size).toBe(7);
  expect(asked()).toEqual([]);
});

test('a name below a symlink is not looked at', () => {
  makeTree(dir.join('outside'), { f: Buffer.alloc(SIZE) });
  makeTree(dir.join('dst'), { d: { link: '../outside' } });
  const entries = [
    createFileEntry({ name: 'a', mode: 0o100644 }),
    createFileEntry({ name: 'd/f', mode: 0o100644, size: SIZE, mtime: 1 }),
  ];
  const { lookahead, asked, path } = open(entries);
  lookahead.statOf(0, path(0));
  expect(asked()).toEqual([]);
  expect(lstat(dir.join('outside/f'))?.size).toBe(SIZE);
});
