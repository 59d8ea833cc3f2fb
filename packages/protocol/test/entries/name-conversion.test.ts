import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  createFileEntry,
  type EntryCodecOptions,
  type FileEntry,
  FileEntryReader,
  FileEntryWriter,
  type NameConversion,
} from '../../src/index.ts';

const options: EntryCodecOptions = {
  uid: false,
  gid: false,
  links: true,
  devices: false,
  specials: false,
  hardLinks: false,
  checksumLength: 0,
  atimes: false,
  crtimes: false,
  inlineNames: false,
  relative: false,
};
const upper: NameConversion = {
  nameToWire: (name) => name.toUpperCase(),
  nameFromWire: (name) => (name.includes('X') ? '' : name.toLowerCase()),
  links: {
    toWire: (target) => target.toUpperCase(),
    fromWire: (target) => (target.includes('X') ? undefined : target.toLowerCase()),
  },
};
const dialect = createDialect(32, 0x1fe);

function sent(entries: readonly Partial<FileEntry>[], conversion?: NameConversion): Uint8Array {
  const out = new ByteWriter();
  const writer = new FileEntryWriter(dialect, { ...options, conversion });
  for (const entry of entries) writer.write(out, createFileEntry({ mode: 0o100644, ...entry }), 0);
  return out.take();
}

function received(bytes: Uint8Array, count: number, conversion: NameConversion): FileEntry[] {
  const input = new ByteReader(bytes);
  const reader = new FileEntryReader(dialect, { ...options, conversion });
  reader.beginList(0);
  return Array.from({ length: count }, () => reader.read(input) as FileEntry);
}

const link = (name: string, linkTarget: string): Partial<FileEntry> => ({
  name,
  linkTarget,
  mode: 0o120777,
});

test('names and targets have their own form on the wire, which shares its beginnings', () => {
  const entries = [{ name: 'abc' }, { name: 'abd' }, link('abe', 'to')];
  const bytes = sent(entries, upper);
  expect(Buffer.from(bytes)).toEqual(
    Buffer.from(sent([{ name: 'ABC' }, { name: 'ABD' }, link('ABE', 'TO')])),
  );
  const got = received(bytes, 3, upper);
  expect(got.map(({ name }) => name)).toEqual(['abc', 'abd', 'abe']);
  expect(got[2]!.linkTarget).toBe('to');
});

test('what has no form here keeps its place and loses its name', () => {
  const got = received(
    sent([{ name: 'AX' }, { name: 'AXB' }, link('AC', 'X'), { name: 'AD' }]),
    4,
    upper,
  );
  expect(got.map(({ name }) => name)).toEqual(['', '', '', 'ad']);
});

test.each(['../up', '/abs', 'a\0b', 'a/../../b'])('a name that becomes %j is unsafe', (name) => {
  const conversion = { ...upper, nameFromWire: () => name };
  expect(() => received(sent([{ name: 'f' }]), 1, conversion)).toThrow('unsafe pathname');
});

test('a name that becomes too long is refused', () => {
  const conversion = { ...upper, nameFromWire: () => 'n'.repeat(4096) };
  expect(() => received(sent([{ name: 'f' }]), 1, conversion)).toThrow('name length');
});
