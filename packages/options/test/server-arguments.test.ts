import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  effectiveOutFormat,
  itemizeLevel,
  parseCommandLine,
  parseHostSpec,
  parseServerArguments,
  type RsyncOptions,
  type ServerArguments,
  serverArguments,
} from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

const parse = (argv: readonly string[], env: Record<string, string> = {}): RsyncOptions =>
  parseCommandLine(argv, env).options;

/** What we would send for a command line whose remote ends are `host:path`. */
function ours(argv: readonly string[], env: Record<string, string> = {}): ServerArguments {
  const options = parse(argv, env);
  const { args } = options;
  const destination = args.length > 1 ? parseHostSpec(args[args.length - 1]!) : undefined;
  if (destination?.kind === 'shell') {
    return serverArguments(options, { amSender: true, paths: [destination.path] });
  }
  const sources = destination === undefined ? args : args.slice(0, -1);
  const paths = sources.map((source) => parseHostSpec(source).path);
  return serverArguments(options, { amSender: false, paths });
}

async function expectSameAsReal(argv: string[], env: Record<string, string> = {}): Promise<void> {
  const { argv: sent, secluded } = await real.run(argv, env);
  const expected = { argv: sent, ...(secluded === undefined ? {} : { secluded }) };
  expect(ours(argv, env)).toEqual(expected);
}

const push = (line: string): string[] => [...words(line), 'src', 'host:dest'];
const pull = (line: string): string[] => [...words(line), 'host:from', 'dest'];
const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

/** Command lines to which a remote source or destination is added. */
const LINES = `

-a
-av
-avvvvvvvvvvvv
-q
-vq
-rlptgoD
-a --no-D
-aX
-aXX
-rXXX
-aX --no-X
-aA
-rA
-aAXX
-aA --no-A
-a --copy-devices
-a --write-devices
-a --copy-devices --write-devices --preallocate
-a --preallocate
-a --preallocate --mkpath --open-noatime
-a --drop-D
-a --fake-super
-a --super --fake-super
-a --fake-super --super
-a --no-devices
-a --no-specials
--devices
--specials
-d
-dr
-d --delete
--old-dirs
--old-dirs -d
--old-d --no-d
--no-dirs --old-d --no-r
-a --old-dirs -m --delete --exclude=x
--old-dirs --files-from=-
-a --insecure-links
-a --copy-as=nobody
-a -M--copy-as=nobody
-a --confine-root=/x
--qsort
-a --qsort --numeric-ids --i-r --usermap=a:b
-a --qsort --protocol=29
--list-only
-r --list-only
--list-only --no-d
-H
-HH
-E
-aE
-U
-UUU
-K
-k
-L
-Lk
-am
-O
-J
-R
-aR --no-R
-aR --no-implied-dirs
-aR --no-implied-dirs --protocol=29
-c
-C
-I
-xxx
-u
-n
-a --partial-dir=.pp
-a --partial-dir=./x//y/../z/
-a --partial-dir=/a*b
-a --partial-dir=.
-a --partial-dir=x --no-partial
-aP --partial-dir=x
-a --delay-updates
-a --delay-updates --partial
-a --delay-updates --partial-dir=.~tmp~
-a --delay-updates --partial-dir=x --delete-after
-a --delay-updates --no-delay-updates
-a --append
-a --append --append
-a --append-verify
-a --append-verify --append
-a --append --append-verify
-a --append-verify --no-append
-a --append --inplace -S --no-W
-a --append --no-W
-aS
-aS --inplace
-aS --inplace --no-W
-aSW --inplace
-aS --no-S
-a --fsync
-a --ignore-missing-args
-a --delete-missing-args
-a --delete-missing-args --ignore-missing-args --delete
-ab
-b --no-backup
-ab --suffix=.old
-ab --suffix=~
--suffix=a*b
-ab --backup-dir=kept
-a --backup-dir=./a*b/ --no-backup
-ab --backup-dir=kept --suffix=~
-ab --backup-dir=/kept --suffix=.old --delete
-ab --backup-dir=. --suffix=.x
-ab --inplace
-ab --delete -C -f-_x
-a --remove-source-files
-a --remove-sent-files
-an --remove-sent-files --remove-source-files
-i
-ii
-vi
-a --out-format=%n
-a --out-format=%I
-a --out-format=%i%o
-a --out-format=%o%l
-a --out-format=%l%%i
-a --out-format=%5%i
-a --out-format=%'-10i
-av --out-format=%n
-av --out-format=%i
-a --out-format=
-a --log-format=%n
-aii --out-format=%n
-aii --out-format=%i
-q -i
-a --progress
-a -P
-av --progress
--progress --no-progress
-a --stats
-a --info=progress2
-a --info=name0
-a --info=stats2,del,misc2
-a --info=all
-a --info=all2,name1
-a --info=none
-a --info=none,name
-a --info=name9
-a --info=flist2,copy,skip2,backup,remove,mount,nonreg0,symsafe
-a --info=backup,copy,del,misc,mount,name2,nonreg2,skip2,stats2,symsafe2
-a --info=misc2,mount2,name2,remove2,stats,symsafe
-a --debug=all
-a --stderr=all
-q --stderr=client
-a --msgs2stderr --stderr=e
-a -B700
-a --block-size=1.5K
-a -B=131072
-a --timeout=10
-a --timeout=0x10
-a --timeout=5 --no-timeout
-a --bwlimit=1.5m
-a --bwlimit=512b
-a --bwlimit=1000000
-a --cc=md5
-a --cc=auto
-a --cc=MD5,XXhash
-a --cc=none
-a --max-delete=5
-a --max-delete=0
-a --max-delete=-5 --delete
-a --max-size=1.0000001g
-a --max-size=8191p
-a --max-size=1kb
-a --min-size=1mib-1
-a --max-size=
-r --del
-a --delete
-a --delete-before
-a --delete-delay --del
-a --del --delete-delay
-a --delete --delete-after
-a --delete-excluded
-a --delete-excluded --delete-before
-d --delete-excluded
-a --force --ignore-errors
-a --max-alloc=2m --stats --checksum-seed=3
-a --max-alloc=1g
-a --max-alloc=0 --ignore-missing-args --outbuf=L
-a --super
-a --super --no-super
-a --size-only
-a --modify-window=3
-a -@-1
-a --modify-window=0
-a --checksum-seed=-5
-a --copy-unsafe-links --safe-links --munge-links
-a --numeric-ids
-a --usermap=a:b --groupmap=*:nobody
--chown=0:0
-a --chown=:nogroup
--chown=a:b --no-g
-a --chmod=u+x,Dg-w
-a --ignore-existing --existing
-a --ignore-non-existing
-a --temp-dir=/a*b
-a -T ~/x
-a --inplace
-a --inplace --partial -W
-a --partial
-a -W --no-W
-a --trust-sender
-a --mkpath
-a --open-noatime
-a --open-noatime --mkpath
-a --open-noatime --no-open-noatime
-a --files-from=names
-ar --files-from=names
-a --files-from=names --no-R
-a --files-from=names --no-d
-a --files-from=names --delete
-a -d --files-from=names
--files-from=names --list-only
-a --files-from=:names
-a --files-from=host:names -0 --no-R
-a --exclude=x --include=y -f -_z -FF --delete
-a -M--foo -M --bar=a*b
-a --iconv=.
-a --iconv=utf8,iso88591
-a --iconv=utf8,a*b --stats
-sa --iconv=.,utf8 --stats
-a --iconv=- --no-iconv
-a -s
-s --stats -M--x=a*b --temp-dir=a*b
-a --old-args -M--x=a*b
-a --old-args --old-args --temp-dir=a*b
-a --protocol=27
-a --protocol=29 -B131073
-a --protocol=30
--protocol=31
-a --no-i-r
-a --no-i-r --inc-recursive
-a -4
-a --blocking-io
-a --stop-after=10 --stop-at=2099-01-01
-a -h -hh -8 --no-motd
-vvv --no-v
-a --no-o --no-g --no-p --no-t --no-l
-anvi --delete --stats
-nuqvcIx --list-only
-z
-az
-azz
-azzz
-az --no-z
-az --no-compress -z
-azz --no-z -z
-az --zl=0
-a --zl=0
-a --zl=5
-a --zl=5 --no-z
-az --zl=99
-az --zl=-5
-az --zl=
-az --zl=0x5
-az --zl=1 --zl=2
-a --zl=-2147483648
-az --zl=-2147483648
-a --zc=none
-az --zc=none
-a --zc=NONE --zl=5
-azz --zc=none
-a --zc=zlib
-a --zc=ZLIB
-a --zc=zlibx
-a --zc=zstd
-a --zc=ZSTD
-a --zc=lz4 --zl=5
-a --zc=zstd --zl=0
-a --zc=auto
-az --zc=AUTO
-azz --zc=auto
-a --zc=auto --zl=4
-a --zc=zstd --no-z
-a --no-z --zc=zstd
-a --zc=zstd --no-z --zl=3
-a --old-compress
-a --new-compress
-az --old-compress --new-compress
-az --new-compress --old-compress
-azz --old-compress
-a --zc=zstd --old-compress
-a --old-compress --zc=lz4
-a --new-compress --no-z
-a --new-compress --zc=auto
-a -zz --zc=zstd
-azz --zl=9
-az --zt=4
-a --compress-threads=4
-az --skip-compress=gz/jpg
-a --skip-compress=gz --no-z
-az --skip-compress=*
-az --skip-compress=
-az --skip-compress=a --skip-compress=b
-az --protocol=29
-a --zc=zstd --protocol=29
-az --cc=md5 --max-delete=3 --delete --zc=lz4 --zl=1 --skip-compress=x
-a --link-dest=../a
-y
-ayy
-ayyy -J
-ayyy -J --link-dest=a
-ay --no-y
-ayy --no-fuzzy --fuzzy
-ay --copy-dest=b -L
-a --link-dest=../a --link-dest=/b/c/
-a --copy-dest=~x --copy-dest=y*
-a --compare-dest=a -n
-a --compare-dest=
-a --temp-dir=t --link-dest=l --info=del
-a --copy-dest=c -b
-a --link-dest=a --existing --inplace
-aR --link-dest=a --mkpath
`
  .split('\n')
  .slice(1, -1);

describe.concurrent('serverArguments() equals the real client', () => {
  test(`there are at least 120 command lines: ${LINES.length}`, () => {
    expect(LINES.length).toBeGreaterThanOrEqual(120);
  });

  for (const line of LINES) {
    test(`push ${line}`, () => expectSameAsReal(push(line)));
    test(`pull ${line}`, () => expectSameAsReal(pull(line)));
  }
});

describe.concurrent('paths of the remote command line', () => {
  const PATHS = [
    'a b',
    'c*d?[e]',
    String.raw`f\*g`,
    String.raw`h\i`,
    'back\\',
    '-w',
    '~x',
    '~x/y',
    '~x/./y',
    't{u,v}',
    'tab\there',
    'new\nline',
    '!#$&;|<>(){}"\'`%=+,:@^',
    '\xc3\xa9',
    '',
    '/abs/path/',
  ];
  for (const path of PATHS) {
    const name = JSON.stringify(path);
    const tildeRules = path.startsWith('~') ? [['-R'], ['--trust-sender']] : [];
    for (const options of [[], ['--old-args'], ['-s'], ...tildeRules]) {
      test(`push ${options} ${name}`, () => expectSameAsReal([...options, 'src', `host:${path}`]));
      test(`pull ${options} ${name}`, () => expectSameAsReal([...options, `host:${path}`, 'd']));
    }
  }

  test('several sources, and no destination', async () => {
    await expectSameAsReal(['-a', 'host:a', ':b c', 'host:~d', 'dest']);
    await expectSameAsReal(['host:a']);
    await expectSameAsReal(['-r', 'host:']);
    await expectSameAsReal(['--delete', 'host:a']);
  });

  test('a list on the other side keeps the tilde', async () => {
    await expectSameAsReal(['-aR', '--files-from=:names', 'host:~x/y', 'dest']);
    await expectSameAsReal(['-aR', '--files-from=names', 'host:~x/y', 'dest']);
  });
});

describe.concurrent('environment', () => {
  const VALUES = ['0', '1', '2', 'x', ''];
  const OPTIONS = ['', '-s', '--no-s', '--old-args', '--no-old-args'];
  for (const name of ['RSYNC_PROTECT_ARGS', 'RSYNC_OLD_ARGS']) {
    for (const value of VALUES) {
      test(`${name}=${value}`, async () => {
        for (const option of OPTIONS) {
          await expectSameAsReal([...words(option), 'src', 'host:a b'], { [name]: value });
        }
      });
    }
  }

  test('both variables', async () => {
    for (const old of ['0', '2']) {
      const env = { RSYNC_PROTECT_ARGS: '1', RSYNC_OLD_ARGS: old };
      await expectSameAsReal(['src', 'host:a b'], env);
    }
  });
});

test('random command lines are the same as the real client’s', { timeout: 30_000 }, async () => {
  const options = LINES.flatMap(words).filter((word) => /^-[^-]|^--[^=]+(=|$)/.test(word));
  const word = fc.constantFrom(...options.filter((w) => !/^(-M|--bar|-T|-f)$|protocol/.test(w)));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), fc.boolean(), async (argv, isPush) => {
      const all = isPush ? [...argv, 'src', 'host:d'] : [...argv, 'host:s', 'dest'];
      const run = await real.run(all);
      if (run.argv === undefined) {
        expect(() => parse(all)).toThrow(run.message);
        return;
      }
      const { argv: sent, secluded } = run;
      expect(ours(all)).toEqual({ argv: sent, ...(secluded === undefined ? {} : { secluded }) });
    }),
    { numRuns: 60 },
  );
});

describe('daemon transport', () => {
  const CASES: [options: string[], path: string][] = [
    [['-a'], 'mod/sub dir/*'],
    [['-a'], 'mod'],
    [['-a'], 'mod/'],
    [['-a'], 'mod/a mod/b'],
    [['-a'], 'mod/a mod/b mod/c moda/d'],
    [['-a', '--old-args'], 'mod/a mod/b'],
    [['-a', '--temp-dir=a b*', '--usermap=*:x'], 'mod/a'],
    [['-a', '--old-args', '--temp-dir=a b*'], 'mod/a'],
    [['-a', '--old-args', '--old-args', '--temp-dir=a b*'], 'mod/a'],
    [['-a', '-M--x=a b'], String.raw`mod/h\i~'`],
    [['-a', '-s'], 'mod/a b'],
    [['-a', '--protocol=30'], 'mod/a'],
  ];
  test.for(CASES)('push %s %s', async ([options, path]) => {
    const block = await real.daemonArguments((url) => [...options, 'src/', `${url}/${path}`]);
    const paths = [path.includes('/') ? path : `${path}/`];
    const request = { amSender: true, paths, transport: 'daemon' } as const;
    expect(serverArguments(parse([...options, 'src', 'h::m']), request).argv).toEqual(block);
  });
  test.for(CASES)('pull %s %s', async ([options, path]) => {
    const block = await real.daemonArguments((url) => [...options, `${url}/${path}`, 'dest']);
    const paths = [path.includes('/') ? path : `${path}/`];
    const request = { amSender: false, paths, transport: 'daemon' } as const;
    expect(serverArguments(parse([...options, 'h::m', 'dest']), request).argv).toEqual(block);
  });
});

test('options that a server must know survive the way to it', () => {
  const local = parse(
    words(
      '-avvHUUxxEKmOJcCIRu --no-p --no-specials --delete-after --delete-excluded --force --super ' +
        '--max-delete=0 --max-size=5k --min-size=2 --size-only --stats -@-1 --checksum-seed=9 ' +
        '--cc=md5,xxh3 -B700 --timeout=7 --bwlimit=9 --partial --ignore-errors --safe-links ' +
        '--copy-unsafe-links --numeric-ids --usermap=a:b --groupmap=c:d --ignore-existing ' +
        '--existing --temp-dir=/tmp --info=name2,stats3 --no-implied-dirs --mkpath ' +
        '--zc=zstd --zl=7 src h:d',
    ),
  );
  const { argv } = serverArguments(local, { amSender: true, paths: ['d'] });
  const server = parseServerArguments(argv);
  expect(server).toEqual({
    ...local,
    // What only the client needs, or what only the server gets.
    server: true,
    args: ['d'],
    filters: [{ kind: 'cvs' }],
    clientInfo: '.iLsfxCIvu',
    logFormat: undefined,
    info: { name: 2, stats: 3 },
  } satisfies Partial<Record<keyof RsyncOptions, unknown>>);
});

test('secluded arguments are put together again', () => {
  const options = parse(['-as', '--stats', 'src', 'h:a b']);
  const { argv, secluded } = serverArguments(options, { amSender: true, paths: ['a b'] });
  const server = parseServerArguments(argv, secluded);
  expect(server).toMatchObject({ recursive: true, secludedArgs: true, stats: true, args: ['a b'] });
});

test('effectiveOutFormat() is the format of the lines that are printed', () => {
  const format = (line: string): string | undefined =>
    effectiveOutFormat(parse([...words(line), 'a', 'b']));
  expect(format('')).toBeUndefined();
  expect(format('-v')).toBe('%n%L');
  expect(format('-v --info=name0')).toBeUndefined();
  expect(format('--progress')).toBe('%n%L');
  expect(format('-i')).toBe('%i %n%L');
  expect(format('-i --out-format=%f')).toBe('%f');
});

test('itemizeLevel() goes by the format that is printed', () => {
  const level = (line: string): number => itemizeLevel(parse([...words(line), 'a', 'b']));
  expect(['', '-v', '-i', '-ii', '-vi'].map(level)).toEqual([0, 0, 1, 2, 1]);
  expect(level('--out-format=%i|%n')).toBe(1);
  expect(level('-i --out-format=%n')).toBe(0);
  expect(level("-ii --out-format=%'10i")).toBe(2);
});
