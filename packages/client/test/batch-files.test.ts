import { readFileSync, statSync } from 'node:fs';
import { parseCommandLine } from '@deltawire/options';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { createBatchFiles, openBatchFile } from '../src/batch-files.ts';

const { options } = parseCommandLine(['-a', '--write-batch=b', 'src', 'dst'], {});

test('a batch and its script are for the user alone', () => {
  using directory = temporaryDirectory('batch-');
  const path = directory.join('b');
  const batch = createBatchFiles(path, options, [], () => {});
  batch.write(Buffer.from('one'));
  batch.write(Buffer.alloc(300_000));
  batch.close();
  expect(readFileSync(path)).toHaveLength(300_003);
  expect(readFileSync(`${path}.sh`, 'utf8')).toContain("--read-batch='b'");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(`${path}.sh`).mode & 0o777).toBe(0o700);
});

test('what cannot be opened', () => {
  expect(() => createBatchFiles('/nonexistent/b', options, [], () => {})).toThrow(
    'rsync: [Receiver] Batch file "/nonexistent/b.sh" open error: No such file or directory (2)',
  );
  expect(() => openBatchFile('/nonexistent/b', () => {})).toThrow(
    expect.objectContaining({ code: 'BATCH', exitCode: 11 }),
  );
});
