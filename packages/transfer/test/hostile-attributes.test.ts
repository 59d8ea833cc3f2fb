/*
 * Access-control lists and extended attributes that a sender must not send, against our receiving side:
 * the session ends with a typed error, and nothing is written.
 */
import { writeVarint } from '@deltawire/protocol';
import { describe, expect, test } from 'vitest';
import {
  OUTSIDE,
  type PeerSettings,
  pullFrom,
  pushFrom,
  type SenderPeer,
} from './scripted-peer.ts';

/** A list of one entry `f`, and behind its fields these bytes. */
const entryWith =
  (tail: string, ends = true) =>
  (peer: SenderPeer): void => {
    peer.begin();
    peer.write((out) => {
      writeVarint(out, 0x18); // owner and group as before
      out.u8(1);
      out.u8(0x66);
      for (const byte of [0, 5, 0, 0x65, 0, 0xf1, 0x53]) out.u8(byte); // length, mtime
      out.u32(0o100644);
      out.bytes(Buffer.from(tail.replaceAll(' ', ''), 'hex'));
    });
    if (!ends) return;
    peer.endList();
    peer.endOfLists();
  };

interface Row {
  readonly name: string;
  readonly tail: string;
  readonly message: RegExp;
  /** @default 2 */
  readonly exitCode?: number;
  /** The bytes are the last. @default false */
  readonly cut?: boolean;
}

const ACLS: readonly Row[] = [
  { name: 'a reference to no list', tail: '01', message: /ACL number/ },
  { name: 'a negative reference', tail: 'f0ffffffff', message: /ACL number/ },
  { name: 'unknown parts', tail: '00 20', message: /ACL flags/ },
  { name: 'permissions of four bits', tail: '00 01 08', message: /ACL permissions/ },
  { name: 'negative permissions', tail: '00 01 f0ffffffff', message: /ACL permissions/ },
  { name: 'too many names', tail: '00 10 c10100', message: /ACL count/ },
  { name: 'a negative number of names', tail: '00 10 f0ffffffff', message: /ACL count/ },
  {
    name: 'names that do not come',
    tail: '00 10 c0ffff',
    message: /closed/,
    exitCode: 12,
    cut: true,
  },
  {
    name: 'a name that does not come',
    tail: '00 10 01 05 1d ff 6162',
    message: /closed/,
    exitCode: 12,
    cut: true,
  },
];

const XATTRS: readonly Row[] = [
  { name: 'a reference to no list', tail: '01', message: /xattr list number/ },
  { name: 'a negative reference', tail: 'f0ffffffff', message: /xattr list number/ },
  { name: 'too many', tail: '00 c10100', message: /xattr count/ },
  { name: 'a negative number', tail: '00 f0ffffffff', message: /xattr count/ },
  { name: 'a name without a byte', tail: '00 01 00 00', message: /xattr name length/ },
  { name: 'a name that is too long', tail: '00 01 d001 00 00', message: /xattr name length/ },
  {
    name: 'a negative value length',
    tail: '00 01 02 f0ffffffff 6100',
    message: /xattr value length/,
  },
  {
    name: 'a value that is too long',
    tail: '00 01 02 f001000008 6100',
    message: /xattr value length/,
  },
  {
    name: 'a name that goes on',
    tail: '00 01 02 00 6162',
    message: /does not end where it should/,
  },
  {
    name: 'a name that ends inside',
    tail: '00 01 03 00 610000',
    message: /does not end where it should/,
  },
  {
    name: 'a value that does not come',
    tail: '00 01 02 20 6100 6162',
    message: /closed/,
    exitCode: 12,
    cut: true,
  },
];

async function check(
  { name, tail, message, exitCode = 2, cut = false }: Row,
  options: PeerSettings['options'],
): Promise<void> {
  for (const play of [pullFrom, pushFrom]) {
    const outcome = await play(entryWith(tail, !cut), options === undefined ? {} : { options });
    expect(outcome, name).toMatchObject({ exitCode, outside: OUTSIDE });
    // A server says what was wrong to its client.
    if (play === pullFrom)
      expect(outcome).toMatchObject({ message: expect.stringMatching(message), typed: true });
    expect(outcome.tree).toEqual({});
  }
}

describe('access-control lists', () => {
  test.each(ACLS)('$name', (row) => check(row, { acls: true }));
});

describe('extended attributes', () => {
  test.each(XATTRS)('$name', (row) => check(row, { xattrs: 1 }));
});
