import { describe, expect, test } from 'vitest';
import { MessageTag, MuxEncoder } from '../src/index.ts';
import { type Direction, openSession } from './golden-session.ts';
import { type Walk, walkClient, walkServer } from './golden-walk.ts';
import { concat, goldenSessions, hex, loadGolden } from './vectors.ts';

const names = goldenSessions();
const opened = names.map((name) => ({ name, session: openSession(name) }));
const transfers = opened.flatMap(({ name, session }) =>
  session === undefined ? [] : [{ name, session }],
);

test('the recordings are there', () => {
  expect(names.length).toBeGreaterThan(150);
  expect(transfers.length).toBeGreaterThan(120);
});

const logical = ({ prefix, stream }: Direction): string => hex(concat([prefix, stream]));

test.each(opened)('$name: demultiplexing gives the logical streams', ({ name, session }) => {
  const c2s = loadGolden(name, 'c2s.logical');
  const s2c = loadGolden(name, 's2c.logical');
  if (session === undefined) {
    // It ended before the transfer: nothing was framed.
    expect(hex(loadGolden(name, 'c2s.bin'))).toBe(hex(c2s));
    expect(hex(loadGolden(name, 's2c.bin'))).toBe(hex(s2c));
    return;
  }
  expect(logical(session.c2s)).toBe(hex(c2s));
  expect(logical(session.s2c)).toBe(hex(s2c));
});

test('messages are framed again byte for byte', () => {
  const { s2c } = openSession('daemon-push-readonly')!;
  expect(s2c.stream).toHaveLength(0);
  expect(s2c.messages.map(({ tag }) => tag)).toEqual([
    MessageTag.ERROR,
    MessageTag.ERROR,
    MessageTag.ERROR_EXIT,
  ]);
  const encoder = new MuxEncoder();
  for (const { tag, payload } of s2c.messages) encoder.message(tag, payload);
  const recorded = loadGolden('daemon-push-readonly', 's2c.bin').subarray(s2c.prefix.length);
  expect(hex(concat(encoder.take()))).toBe(hex(recorded));
});

/** Recordings whose transfer did not run to its end. */
const incomplete =
  /empty|excluded-pull|server-error|chdir-fail|readonly|writeonly|refused|prexfer|rsh-daemon-missing|too-modern/;

describe.each(transfers)('$name', ({ name, session }) => {
  test('is understood to the last byte and written again', () => {
    const client = walkClient(session);
    const server = walkServer(session);
    const rewritten = (walk: Walk, { stream }: Direction): void => {
      expect(hex(walk.out.take())).toBe(hex(stream.subarray(0, stream.length - walk.left)));
    };
    rewritten(client, session.c2s);
    rewritten(server, session.s2c);

    if (incomplete.test(name) || server.left > 0) return;
    const { protocol } = session.dialect;
    const [sender, generator] = session.pull ? [server, client] : [client, server];
    const lists = sender.lists.length;
    const beyond = protocol >= 31 ? 3 : protocol >= 29 ? 2 : 1;
    expect(sender.done).toBe(lists + beyond);
    expect(generator.done).toBe(lists + beyond + 1);
    expect(sender.transferStats).toBe(session.pull);
    const answered = sender.items.map(({ ndx, iflags }) => `${ndx} ${iflags}`);
    const refused = session.s2c.messages.filter(({ tag }) => tag === MessageTag.NO_SEND);
    const requested = generator.items.map(({ ndx, iflags }) => `${ndx} ${iflags}`);
    expect(answered.length + refused.length).toBe(requested.length);
    if (refused.length === 0) expect(answered).toEqual(requested);
  });
});

test('the contents of one recording', () => {
  const session = openSession('pull-p32-inc-deep')!;
  const server = walkServer(session);
  expect(server.lists.map(({ start, names: listed }) => `${start}: ${listed.join(' ')}`)).toEqual([
    '1: . e2 e1 d1 link dir empty a.txt',
    '10: d1/f d1/d2',
    '13: d1/d2/f d1/d2/d3',
    '16: d1/d2/d3/f',
    '18: dir/b.bin',
    '20: e1/f',
    '22: e2/f e2/x',
    '25: e2/x/f',
  ]);
});
