import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AclListReader, AclListWriter } from '../../src/entries/acl-list.ts';
import { type Acl, ByteReader, ByteWriter, LimitError, NO_ACL } from '../../src/index.ts';
import { hex } from '../vectors.ts';

const input = (text: string): ByteReader =>
  new ByteReader(new Uint8Array(Buffer.from(text, 'hex')));

test('a recorded list, with names and without any', () => {
  const acl: Acl = {
    userObj: undefined,
    groupObj: 4,
    mask: undefined,
    other: undefined,
    named: [
      { kind: 'user', id: 65_534, perms: 7, name: 'nobody' },
      { kind: 'group', id: 65_534, perms: 6, name: 'nogroup' },
    ],
  };
  const bytes = `00120402c0feff1f06${hex(Buffer.from('nobody'))}c0feff1907${hex(Buffer.from('nogroup'))}`;
  const writer = new AclListWriter();
  const out = new ByteWriter();
  for (const one of [acl, NO_ACL, acl, NO_ACL]) writer.write(out, one);
  expect(hex(out.take())).toBe(`${bytes}00000102`);
  const reader = new AclListReader();
  const from = input(`${bytes}0000`);
  const first = reader.keep(reader.read(from));
  expect(first).toEqual(acl);
  expect(reader.keep(reader.read(from)).named).toEqual([]);
  expect(reader.read(input('01')).acl).toBe(first);
});

const perms = fc.integer({ min: 0, max: 7 });
const acl: fc.Arbitrary<Acl> = fc.record({
  userObj: fc.option(perms, { nil: undefined }),
  groupObj: fc.option(perms, { nil: undefined }),
  mask: fc.option(perms, { nil: undefined }),
  other: fc.option(perms, { nil: undefined }),
  named: fc.array(
    fc.record({
      kind: fc.constantFrom('user' as const, 'group' as const),
      id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      perms,
      name: fc.option(fc.constantFrom('', 'root', '\xff'.repeat(255)), { nil: undefined }),
    }),
    { maxLength: 4 },
  ),
});

test('what is written is read; a cut list is incomplete', () => {
  fc.assert(
    fc.property(fc.array(acl, { maxLength: 5 }), (lists) => {
      const writer = new AclListWriter();
      const reader = new AclListReader();
      for (const one of lists) {
        const out = new ByteWriter();
        writer.write(out, one);
        const bytes = out.take();
        const from = new ByteReader(bytes);
        const got = reader.read(from);
        expect(from.available).toBe(0);
        if (got.isNew) expect(got.acl).toEqual(one);
        reader.keep(got);
        for (let length = 0; length < bytes.length; length++) {
          const cut = new ByteReader(bytes.subarray(0, length));
          expect(() => reader.read(cut)).toThrow('unexpected end of data');
        }
      }
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['a reference to nothing', '01'],
  ['unknown parts', '0020'],
  ['permissions of more than three bits', '000108'],
  ['too many names', '0010c10100'],
  ['named permissions of more than three bits', '0010010120'],
])('%s is refused', (_, text) => {
  expect(() => new AclListReader().read(input(text))).toThrow(LimitError);
});

test('a session keeps a bounded number of names', () => {
  const reader = new AclListReader();
  const named = Array.from(
    { length: 65_536 },
    (_, id) => ({ kind: 'user', id, perms: 0 }) as const,
  );
  const acl = { ...NO_ACL, named };
  for (let i = 0; i < 30; i++) reader.keep({ acl, isNew: true });
  reader.keep({ acl, isNew: false });
  expect(() => reader.keep({ acl, isNew: true })).toThrow(
    expect.objectContaining({ field: 'ACL entries', exitCode: 22 }),
  );
});
