/**
 * Records what the real rsync lists for many kinds of source arguments:
 *
 *     node --conditions=@deltawire/source scripts/record-scan.ts > test/vectors/scan.json
 *
 * It only reads the debug output of a dry run (`--debug=flist4`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plantScanTree, type RecordedScan } from '../test/scan-tree.ts';

const LISTED = ['d/', 'a', 'd/e/f', '/b/x', '../zz', './top', '# c', ';x', '', 'd/h/..', 'nope'];

const CASES: readonly string[] = [
  '-aR d/e/f d/g',
  '-aR d/e/f d d/g',
  '-aR d d/e/f',
  '-aR ./d/e a/./x b/',
  '-a a/ b/',
  '-a a b/x a/x',
  '-aR --no-i-r d/e/f d/g d d/e',
  '-dR d/ a',
  '-d a b/ d/.',
  '-lptgoD a top',
  '-a --files-from .',
  '-ar --files-from .',
  '-ar --no-i-r --files-from .',
  '-a --no-R --files-from .',
  '-aR d/e/f a/x/2 d/g',
  '-aR d/e/f d/h/i d/e/f top d/h/i/j',
  '-aR --no-i-r d/e/f d/h/i d/e/f top d/h/i/j',
  '-aR nope/x d/nope d/e/f',
  '-aR --no-i-r nope/x d/nope d/e/f',
  '-aR d/.',
  '-aR a/././x',
  '-aR a//x/.',
  '-aR a/./',
  '-aR .',
  '-aR ./nope top',
  '-aL dang dlink abs',
  '-a --copy-unsafe-links dang dlink d',
  '-ak dlink dang abs dlink/',
  '-a nope top nope2/ top/ top/x',
  '-a --ignore-missing-args nope top',
  '-a --delete-missing-args nope top',
  '-aR --delete-missing-args d/nope nope/x',
  '-a d/e/..',
  '-a .',
  '-a ./',
  '-aR --no-i-r d/e/f d/g d/e/f a/./x/2 b/./x/3 x/q',
  '-aR a/./x/2 b/./x/3',
  '-aR ./d/e top ./d/h a/x ./d/g .',
  '-aR d/e/f d/g d/e/f d/e',
  '-aR --no-implied-dirs d/e/f',
  '-aR --no-implied-dirs --protocol=29 d/e/f ./top',
  '-aR --protocol=29 d/e/f ./top',
  '-a --protocol=28 . a b',
  '-aR dlink/',
  '-aR dlink/g',
  '-lptn d/e a/ ./b/. dlink dlink/',
  '-lptnR d/e d/ ./b/. top',
  '-aR a/./x/. a/./1',
  '-a --exclude=d --exclude=top d top a d/e',
  '-aR --exclude=f d/e/f d/e/k',
  '-aR --exclude=d d/e/f d',
];

const ENTRY = /^\[sender\] i=\d+ (?:<NULL>|(\S+)) (\S.*?)(\/)? mode=(\d+) len=\S+ .*flags=(\w+)/;

function record(line: string, cwd: string): RecordedScan {
  const args = line.split(' ');
  const listed = args.includes('--files-from');
  if (listed) writeFileSync(`${cwd}.list`, LISTED.join('\n'));
  const real = args.map((arg) => (arg === '--files-from' ? `--files-from=${cwd}.list` : arg));
  const run = spawnSync('rsync', ['-n', '--debug=flist4', ...real, `${cwd}.missing/`], {
    cwd,
    encoding: 'latin1',
  });
  const lists: [number, string[]][] = [];
  const messages: string[] = [];
  for (const text of (run.stdout + run.stderr).split('\n')) {
    const start = /^\[sender\] flist start=(\d+)/.exec(text)?.[1];
    if (start !== undefined) lists.push([Number(start), []]);
    const entry = ENTRY.exec(text);
    if (entry) lists.at(-1)?.[1].push(describe(entry));
    const message = text.replace(/^rsync: \[sender\] /, '').replaceAll(cwd, '{cwd}');
    if (/^(link_stat|change_dir|skipping dir|symlink has|file has|found)/.test(message)) {
      messages.push(message);
    }
  }
  return { args, ...(listed ? { filesFrom: LISTED } : {}), lists, messages };
}

function describe(entry: RegExpExecArray): string {
  const [, root = '', name, slash, mode = '', flags = ''] = entry;
  const bits = Number.parseInt(flags, 16);
  const kind =
    bits & 0x40 ? 'implied' : `${bits & 1 ? 'argument' : 'child'}${bits & 4 ? '' : ' bare'}`;
  const type = (Number.parseInt(mode, 8) >> 12).toString(8);
  return `${root}|${name}|${type}|${slash ? kind : ''}`;
}

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'deltawire-scan-')));
plantScanTree(cwd);
const version = spawnSync('rsync', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
const vectors = {
  about: 'What the sender lists for source arguments: see test/scan-tree.ts for tree and layout.',
  source: version,
  generatedBy: 'scripts/record-scan.ts',
  scans: CASES.map((line) => record(line, cwd)),
};
rmSync(cwd, { recursive: true });
rmSync(`${cwd}.list`);
process.stdout.write(`${JSON.stringify(vectors, undefined, 1)}\n`);
