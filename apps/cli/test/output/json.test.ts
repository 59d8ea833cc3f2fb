import { createFileEntry } from '@deltawire/protocol';
import type { TransferEvent } from '@deltawire/transfer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JSON_VERSION, JsonPrinter } from '../../src/output/json.ts';

const FORMAT = {
  remotePush: false,
  times: true,
  symlinkTimes: true,
  unknownDetails: false,
};

function printer(now: () => number = () => 0): { json: JsonPrinter; lines: () => unknown[] } {
  let text = '';
  const sink = {
    write: (bytes: string) => {
      text += bytes;
    },
    flush: async () => {},
  };
  const lines = (): unknown[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as unknown);
  return { json: new JsonPrinter(sink, FORMAT, now), lines };
}

const entry = (name: string) =>
  createFileEntry({ name, mode: 0o100644, size: 5, mtime: 1_700_000_000 });

const item = (name: string): TransferEvent => ({
  kind: 'item',
  ndx: 3,
  name,
  entry: entry(name),
  iflags: 0xa000,
  basisType: 0x80,
  xname: undefined,
  direction: 'recv',
});

test('an item says what changes, and of which file', () => {
  const { json, lines } = printer();
  json.onEvent(item('d/\xc3\xbc'));
  expect(lines()).toEqual([
    {
      v: JSON_VERSION,
      kind: 'item',
      ndx: 3,
      direction: 'recv',
      change: '>f+++++++++',
      name: 'd/ü',
      type: 'file',
      mode: '0644',
      permissions: 'rw-r--r--',
      size: 5,
      mtime: 1_700_000_000,
      mtimeNs: 0,
    },
  ]);
});

test('names that are no text keep their bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const name = Buffer.from(bytes).toString('latin1');
      const { json, lines } = printer();
      json.onEvent({ kind: 'delete', name, isDirectory: false });
      const [line] = lines() as [{ name: string; nameBytes?: string }];
      const restored = line.nameBytes
        ? Buffer.from(line.nameBytes, 'base64')
        : Buffer.from(line.name);
      expect(restored.toString('latin1')).toBe(name);
    }),
  );
});

test('every kind of event is one line', () => {
  const { json, lines } = printer();
  const files = { transferred: 1, toCheck: 0, total: 1, listsComplete: true };
  json.onEvent({
    kind: 'list',
    protocol: 32,
    direction: 'sending',
    incremental: true,
    state: 'start',
    files: 0,
  });
  json.onEvent({ kind: 'listing', entry: entry('f') });
  json.onEvent({ kind: 'created-directory', path: 'd' });
  json.onEvent({ kind: 'message', level: 'info', origin: 'local', text: 'hello\n' });
  json.onEvent({ kind: 'signature', phase: 'used', ndx: 1, outcome: 'hit', bytes: 10 });
  json.onEvent({
    kind: 'progress',
    ndx: 1,
    name: 'f',
    bytes: 5,
    size: 5,
    files,
    totalBytes: 5,
    totalSize: 5,
    final: true,
  });
  const kinds = (lines() as { kind: string; v: number }[]).map(({ kind }) => kind);
  expect(kinds).toEqual([
    'list',
    'listing',
    'created-directory',
    'message',
    'signature',
    'progress',
  ]);
  expect(lines()[3]).toEqual({
    v: 1,
    kind: 'message',
    level: 'info',
    origin: 'local',
    text: 'hello',
  });
});

test('progress is not reported more than ten times a second, except for the last', () => {
  let now = 1000;
  const { json, lines } = printer(() => now);
  const files = { transferred: 0, toCheck: 1, total: 1, listsComplete: true };
  const report = (bytes: number, final: boolean): void =>
    json.onEvent({
      kind: 'progress',
      ndx: 1,
      name: 'f',
      bytes,
      size: 9,
      files,
      totalBytes: bytes,
      totalSize: 9,
      final,
    });
  report(1, false);
  now += 50;
  report(2, false);
  report(9, true);
  now += 60;
  report(3, false);
  expect((lines() as { bytes: number }[]).map(({ bytes }) => bytes)).toEqual([1, 9, 3]);
});

test('the last line is an error or a summary', () => {
  const { json, lines } = printer();
  json.fail({ text: "@ERROR: Unknown module 'x'\n", exitCode: 5, code: 'DAEMON' });
  expect(lines()).toEqual([
    { v: 1, kind: 'error', exitCode: 5, code: 'DAEMON', message: "@ERROR: Unknown module 'x'" },
  ]);
});
