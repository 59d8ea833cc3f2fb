import { parseCommandLine } from '@deltawire/options';
import { expect, test } from 'vitest';
import { batchScript } from '../src/batch-script.ts';

const script = (argv: readonly string[], rules: readonly string[] = []): string =>
  batchScript('rsync', parseCommandLine(argv, {}).options, rules);

// What rsync 3.5.0 writes.
test.each([
  [
    ['-a', '--write-batch=b', '--checksum-seed=7', 'src/', 'dst/'],
    "'-a' --read-batch='b' --checksum-seed='7'",
    "'dst/'",
  ],
  [
    ['-a', '--write-batch', 'b', '-e', './rsh', '--', 'src/', 'dst/'],
    "'-a' --read-batch 'b' '-e' './rsh' '--'",
    "'dst/'",
  ],
  [
    ['src/', '-a', '--only-write-batch=b', "it's", '-vv'],
    "'-a' --read-batch='b' '-vv'",
    "'it'\\''s'",
  ],
  [['-a', '--write-batch=b', 'src', 'host:dst/x'], "'-a' --read-batch='b'", "'dst/x'"],
])('%j', (argv, command, destination) => {
  expect(script(argv)).toBe(`'rsync' ${command} \${1:-${destination}}\n`);
});

test('rules follow as a document', () => {
  const argv = ['-a', '-f', '- *.o', '--exclude=b', '--include', 'c', '--write-batch=b', 's', 'd'];
  const rules = ['- *.o', '- b', '+ c'];
  expect(script(argv, rules)).toBe(
    `'rsync' --filter='._-' '-a' --read-batch='b' \${1:-'d'} <<'#E#'\n- *.o\n- b\n+ c\n#E#\n`,
  );
  expect(script(['--protocol=28', ...argv], rules)).toContain(
    "'rsync' --exclude-from='-' --protocol='28' '-a'",
  );
});
