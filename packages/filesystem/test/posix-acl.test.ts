import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lstat, type PosixAcl, readAcl, sortNamed, writeAcl, xattrCalls } from '../src/index.ts';
import { decodeAcl, encodeAcl } from '../src/posix-acl.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const perms = fc.integer({ min: 0, max: 7 });
const optional = fc.option(perms, { nil: undefined });
const named = fc.array(
  fc.record({
    kind: fc.constantFrom('user' as const, 'group' as const),
    id: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    perms,
  }),
  { maxLength: 5 },
);

test('what is encoded is decoded', () => {
  const any = fc.record({
    userObj: optional,
    groupObj: optional,
    mask: optional,
    other: optional,
    named,
  });
  fc.assert(
    fc.property(any, (acl: PosixAcl) => {
      expect(decodeAcl(encodeAcl(acl))).toEqual({ ...acl, named: sortNamed(acl.named) });
    }),
  );
  expect(decodeAcl(new Uint8Array([3, 0, 0, 0]))).toBeUndefined();
  expect(decodeAcl(new Uint8Array(2))).toBeUndefined();
});

test.skipIf(xattrCalls() === undefined)(
  'lists of files, and of what is made in a directory',
  () => {
    const at = temporaryDirectory();
    writeFileSync(`${at}/f`, '');
    mkdirSync(`${at}/d`);
    chmodSync(`${at}/f`, 0o600);
    const acl: PosixAcl = {
      userObj: 6,
      groupObj: 0,
      mask: 4,
      other: 0,
      named: [{ kind: 'user', id: 1, perms: 4 }],
    };
    expect(readAcl(`${at}/f`, 'access')).toBeUndefined();
    writeAcl(`${at}/f`, 'access', acl);
    expect(readAcl(`${at}/f`, 'access')).toEqual(acl);
    expect(lstat(`${at}/f`)?.mode).toBe(0o100640);
    writeAcl(`${at}/d`, 'default', acl);
    writeFileSync(`${at}/d/f`, '');
    expect(readAcl(`${at}/d/f`, 'access')?.named).toEqual(acl.named);
    for (const kind of ['access', 'default'] as const) {
      writeAcl(`${at}/d`, kind, undefined);
      expect(readAcl(`${at}/d`, kind)).toBeUndefined();
    }
  },
);
