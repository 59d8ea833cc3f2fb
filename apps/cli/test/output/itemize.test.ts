import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatItem, type ItemizeFormat, isSignificant } from '../../src/output/itemize.ts';

interface Vectors {
  readonly cases: readonly { readonly case: string; readonly out: readonly string[] }[];
}

const vectors = JSON.parse(
  readFileSync(
    new URL('../../../../packages/testkit/vectors/itemize.json', import.meta.url),
    'utf8',
  ),
) as Vectors;

const LOCAL: ItemizeFormat = {
  remotePush: false,
  times: true,
  symlinkTimes: true,
  unknownDetails: false,
};
const FILE = 0o100644;
const DIRECTORY = 0o040755;
const LINK = 0o120777;

type ItemCase = readonly [
  name: string,
  iflags: number,
  mode: number,
  format: Partial<ItemizeFormat>,
];

/** Case of the vectors, flags of the item, type, and what else the line depends on. */
const ITEMS: readonly ItemCase[] = [
  ['new file', 0xa000, FILE, {}],
  ['size+time', 0x800c, FILE, {}],
  ['time only', 0x8008, FILE, {}],
  ['time only, no -t', 0x8008, FILE, { times: false }],
  ['size only changed, no -t', 0x800c, FILE, { times: false }],
  ['perms', 0x0010, FILE, {}],
  ['owner group', 0x0060, FILE, {}],
  ['checksum differs', 0x8002, FILE, {}],
  ['new dir', 0x6000, DIRECTORY, {}],
  ['dir time', 0x0008, DIRECTORY, {}],
  ['new link', 0x6002, LINK, {}],
  ['link target change', 0x4002, LINK, {}],
  ['link time change', 0x0008, LINK, {}],
  ['fifo new', 0x6000, 0o010644, {}],
  ['device new', 0x6002, 0o020644, {}],
  ['device changed', 0x4002, 0o060644, {}],
  ['xattr change', 0x0100, FILE, {}],
  ['link-dest attrs differ', 0x4010, FILE, {}],
  ['atime', 0x0001, FILE, {}],
  ['proto 28 time', 0x8000, FILE, { unknownDetails: true }],
];

test.each(ITEMS)('formatItem of the vector "%s"', (name, iflags, mode, format) => {
  const { out } = vectors.cases.find((one) => one.case === name)!;
  expect(formatItem(iflags, mode, { ...LOCAL, ...format })).toBe(out[0]!.slice(0, 11));
});

test('unchanged items and hard links', () => {
  expect(formatItem(0, FILE, LOCAL)).toBe('.f         ');
  expect(formatItem(0, DIRECTORY, LOCAL)).toBe('.d         ');
  expect(formatItem(0x5000, FILE, LOCAL)).toBe('hf         ');
  expect(formatItem(0x7000, FILE, LOCAL)).toBe('hf+++++++++');
  expect(formatItem(0xa000, FILE, { ...LOCAL, remotePush: true })).toBe('<f+++++++++');
  expect(formatItem(0x0401, FILE, LOCAL)).toBe('.f......b..');
  expect(formatItem(0x000c, LINK, LOCAL)).toBe('.L..T......');
});

test('isSignificant ignores how an item is encoded', () => {
  expect(isSignificant(0)).toBe(false);
  expect(isSignificant(0x5800)).toBe(false);
  expect(isSignificant(0x5802)).toBe(true);
  expect(isSignificant(0x8000)).toBe(true);
});
