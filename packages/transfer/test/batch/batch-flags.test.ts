import { BatchFlag } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { batchFlags, matchBatch } from '../../src/batch/batch-flags.ts';
import { DEFAULT_TRANSFER_OPTIONS } from '../../src/index.ts';

const ARCHIVE = {
  ...DEFAULT_TRANSFER_OPTIONS,
  ...{ recursive: true, links: true, owner: true, group: true, devices: true },
};

test('what rsync writes for -a and -az', () => {
  expect(batchFlags(ARCHIVE)).toBe(0x9f);
  expect(batchFlags({ ...ARCHIVE, compress: 'auto' })).toBe(0x19f);
  expect(batchFlags({ ...ARCHIVE, acls: true, xattrs: 1 })).toBe(0xc9f);
});

test('options follow the batch', () => {
  const { options, changes } = matchBatch({ ...ARCHIVE, hardLinks: true, links: false }, 0x9f);
  expect(options).toMatchObject({ hardLinks: false, links: true });
  expect(changes).toEqual([
    'Setting the --links (-l) option to match the batchfile.\n',
    'Clearing the --hard-links (-H) option to match the batchfile.\n',
  ]);
});

test('--append and --append-verify exclude each other', () => {
  const { options } = matchBatch({ ...ARCHIVE, append: 1 }, 0x9f | BatchFlag.APPEND_VERIFY);
  expect(options.append).toBe(2);
  expect(matchBatch({ ...ARCHIVE, append: 2 }, 0x9f).options.append).toBe(0);
});
