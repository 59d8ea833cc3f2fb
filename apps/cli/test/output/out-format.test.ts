import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { formatLine, type LineContext, parseOutFormat } from '../../src/output/out-format.ts';
import { entryOf } from '../entry.ts';
import { realRsync } from '../real-rsync.ts';

const CONTEXT: LineContext = {
  remotePush: false,
  times: true,
  symlinkTimes: true,
  unknownDetails: false,
  links: true,
  owner: true,
  group: true,
  digest: { length: 16, reversed: false },
  pid: 1,
  now: Date.now,
};

const FORMATS = [
  '%n|%f|%i|%l|%B|%M|%U|%G|%o|%L|%m|%a|%h|%P|%u|%z|%',
  "%'l|%''l|%'''l|%10l|%-10l|%'10l|%-'10l|%10'l|%-10'l|%'-10l|%5'5l",
  '%20n|%-20n|%12B|%5o|%5X|%%|%5%|%25M|%6U|%-6G|',
  "%i%I %n%'",
  '%-|%5',
  'literal %n\ttab',
];

test.each(FORMATS)('formatLine agrees with rsync --out-format=%j', (format) => {
  using directory = temporaryDirectory();
  const source = join(directory.path, 's');
  mkdirSync(join(source, 'd'), { recursive: true });
  writeFileSync(join(source, 'file'), 'x'.repeat(12_345));
  symlinkSync('file', join(source, 'link'));
  utimesSync(join(source, 'file'), 1e9, 1e9);
  const { stdout } = realRsync(directory.path, ['-a', `--out-format=${format}`, 's/', 't/']);
  const parsed = parseOutFormat(format);
  const line = (name: string, path: string, iflags: number): string =>
    `${formatLine(
      parsed,
      {
        name,
        entry: entryOf(join(source, name), name),
        iflags,
        xname: undefined,
        operation: 'send',
        bytesSent: 0,
        bytesReceived: 0,
        checksum: undefined,
        sourceName: path,
      },
      CONTEXT,
    )}\n`;
  const expected =
    line('.', 's/.', 0x6000) +
    line('file', 's/file', 0xa000) +
    line('link', 's/link', 0x6002) +
    line('d', 's/d', 0x6000);
  expect(stdout.replace(/^created directory .*\n/, '')).toBe(expected);
});

test('digests are hex, or blanks as wide', () => {
  const parsed = parseOutFormat('%C|%b|%c');
  const line = {
    name: 'f',
    entry: { mode: 0o100644, size: 1, mtime: 0, uid: 0, gid: 0, linkTarget: '' },
    iflags: 0x8000,
    xname: undefined,
    operation: 'send',
    bytesSent: 48,
    bytesReceived: 16,
    checksum: Uint8Array.of(1, 0xab),
    sourceName: 'f',
  } as const;
  expect(formatLine(parsed, line, CONTEXT)).toBe('01ab|48|16');
  const none = { ...line, checksum: undefined };
  expect(formatLine(parsed, none, { ...CONTEXT, digest: { length: 2, reversed: false } })).toBe(
    '    |48|16',
  );
});

test('a parsed format knows what its lines depend on', () => {
  expect(parseOutFormat('%n%L')).toMatchObject({
    itemizes: false,
    showsDeletions: false,
    needsResult: false,
  });
  expect(parseOutFormat('%i %n')).toMatchObject({ itemizes: true, showsDeletions: true });
  expect(parseOutFormat('%o %b')).toMatchObject({
    itemizes: false,
    showsDeletions: true,
    needsResult: true,
  });
  expect(parseOutFormat('').pieces).toEqual([]);
});
