import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  DAEMON_TABLE,
  OPTION_TABLE,
  OptionError,
  parseCommandLine,
  parseServerArguments,
  type RsyncOptions,
  usage,
} from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

const parse = (argv: readonly string[], env: Record<string, string> = {}): RsyncOptions =>
  parseCommandLine(argv, env).options;

function failure(parseIt: () => unknown): OptionError {
  try {
    parseIt();
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
  throw new Error('the command line was accepted');
}

/** Command lines that rsync refuses before it does anything. */
const WRONG: readonly string[][] = [
  ['--bogus', 'src', 'dst'],
  ['--verb', 'src', 'dst'],
  ['--verbos', 'src', 'dst'],
  ['--recursiv', 'src', 'dst'],
  ['--=', 'src', 'dst'],
  ['--no-', 'src', 'dst'],
  ['--no-bogus', 'src', 'dst'],
  ['--no-delete', 'src', 'dst'],
  ['--no-update', 'src', 'dst'],
  ['--no-n', 'src', 'dst'],
  ['--no-ir', 'src', 'dst'],
  ['-no-r', 'src', 'dst'],
  ['-Y', 'src', 'dst'],
  ['-vY', 'src', 'dst'],
  ['-av1', 'src', 'dst'],
  ['-:x', 'dst'],
  ['-x:y', 'dst'],
  ['--bogus=5', 'src', 'dst'],
  ['--Verbose', 'src', 'dst'],
  ['--verbose=1', 'src', 'dst'],
  ['--no-verbose=1', 'src', 'dst'],
  ['--delete=', 'src', 'dst'],
  ['-v=1', 'src', 'dst'],
  ['-a=x', 'src', 'dst'],
  ['src', 'dst', '--max-size'],
  ['src', 'dst', '-avB'],
  ['src', 'dst', '-e'],
  ['src', 'dst', '--files-from'],
  ['--timeout=x', 'src', 'dst'],
  ['--timeout', 'x', 'src', 'dst'],
  ['--timeout=1x', 'src', 'dst'],
  ['--timeout=5.5', 'src', 'dst'],
  ['--timeout=08', 'src', 'dst'],
  ['--timeout=0x', 'src', 'dst'],
  ['--timeout=5 ', 'src', 'dst'],
  ['--timeout=99999999999', 'src', 'dst'],
  ['--timeout=2147483648', 'src', 'dst'],
  ['--max-delete=x', 'src', 'dst'],
  ['--max-delete=-99999999999', 'src', 'dst'],
  ['-@', 'src', 'dst'],
  ['-@x', 'src', 'dst'],
  ['-a@x', 'src', 'dst'],
  ['--port=x', 'src', 'dst'],
  ['--protocol=x', 'src', 'dst'],
  ['--checksum-seed=x', 'src', 'dst'],
  ['--contimeout=', '--contimeout=z', 'src', 'dst'],
  ['--max-size=x', 'src', 'dst'],
  ['--max-size=1q', 'src', 'dst'],
  ['--max-size=1ki', 'src', 'dst'],
  ['--max-size=1K+2', 'src', 'dst'],
  ['--max-size=1..5k', 'src', 'dst'],
  ['--max-size=+5', 'src', 'dst'],
  ['--max-size=-5', 'src', 'dst'],
  ['--max-size=0-1', 'src', 'dst'],
  ['--max-size=-', 'src', 'dst'],
  ['--max-size=5ib', 'src', 'dst'],
  ['--max-size=1kib+', 'src', 'dst'],
  ['--max-size=8192p', 'src', 'dst'],
  ['--max-size=9223372036854775807', 'src', 'dst'],
  ['--min-size=0x10', 'src', 'dst'],
  ['--min-size= 5', 'src', 'dst'],
  ['--block-size=x', 'src', 'dst'],
  ['--block-size=-1', 'src', 'dst'],
  ['-B131073', 'src', 'dst'],
  ['-B700K', 'src', 'dst'],
  ['-B131073', '--protocol=29', 'src', 'dst'],
  ['--protocol=29', '-B536870913', 'src', 'dst'],
  ['--bwlimit=x', 'src', 'dst'],
  ['--bwlimit=-1', 'src', 'dst'],
  ['--bwlimit=511b', 'src', 'dst'],
  ['--stop-after=x', 'src', 'dst'],
  ['--stop-after=0', 'src', 'dst'],
  ['--stop-at=x', 'src', 'dst'],
  ['--stop-at=25:00', 'src', 'dst'],
  ['--stop-at=2001-01-01', 'src', 'dst'],
  ['--stop-at=2-30', 'src', 'dst'],
  ['--chmod=zz', 'src', 'dst'],
  ['--chmod=', 'src', 'dst'],
  ['--chmod=u+x,,g-w', 'src', 'dst'],
  ['--chmod=0999', 'src', 'dst'],
  ['--chmod=u++x', 'src', 'dst'],
  ['--chmod=u=gx', 'src', 'dst'],
  ['--cc=foo', 'src', 'dst'],
  ['--cc=', 'src', 'dst'],
  ['--cc=md5,md4,sha1', 'src', 'dst'],
  ['--cc=,md5', 'src', 'dst'],
  ['--info=foo', 'src', 'dst'],
  ['--info=name,fooX1', 'src', 'dst'],
  ['--info=name-1', 'src', 'dst'],
  ['--debug=foo', 'src', 'dst'],
  ['--stderr=', 'src', 'dst'],
  ['--stderr=E', 'src', 'dst'],
  ['-M', 'foo', 'src', 'dst'],
  ['-M', '', 'src', 'dst'],
  ['-N', '--bogus', 'src', 'dst'],
  ['--chown=a:b', '--usermap=x:y', 'src', 'dst'],
  ['--groupmap=x:y', '--chown=a:b', 'src', 'dst'],
  ['--chown=a', '--chown=c', 'src', 'dst'],
  ['--chown=:a', '--chown=:c', 'src', 'dst'],
  ['--usermap=a:b', '--usermap=a:b', 'src', 'dst'],
  ['-a', '--delete-before', '--delete-after', 'src', 'dst'],
  ['-a', '--del', '--delete-after', 'src', 'dst'],
  ['-a', '--delete-before', '--delete-delay', 'src', 'dst'],
  ['--delete', 'src', 'dst'],
  ['--delete-excluded', 'src', 'dst'],
  ['-a', '--no-r', '--delete', 'src', 'dst'],
  ['-s', '--old-args', 'src', 'dst'],
  // Two mistakes: the same one is reported.
  ['--bogus', '--max-size=x'],
  ['--delete', '--cc=foo', 'src', 'dst'],
  ['--delete', '--delete-before', '--delete-after', 'src', 'dst'],
  ['-s', '--old-args', '--delete', 'src', 'dst'],
  ['-s', '--old-args', '--cc=foo', 'src', 'dst'],
  ['--delete-before', '--delete-after', '--cc=foo', 'src', 'dst'],
  // Servers and daemons.
  ['--server', '--bogus', '.', 'd'],
  ['--server', '-Ye.LsfxCIvu', '.', 'd'],
  ['--server', '--timeout=x', '.', 'd'],
  ['--server', '--delete', '.', 'd'],
  ['--daemon', '--bogus'],
  ['--daemon', '-n'],
  ['-n', '--daemon'],
  ['--bogus', '--daemon'],
  ['--daemon', '--port=x'],
  ['--daemon', '--bwlimit'],
  ['--daemon', '--dparam=x'],
  ['--daemon', '-V'],
  ['--config=/nonexistent'],
  ['--detach', '-q'],
];

describe.concurrent(`${WRONG.length} wrong command lines fail as with the real rsync`, () => {
  for (const argv of WRONG) {
    test(JSON.stringify(argv.join(' ')), async () => {
      const { exitCode, message } = await real.run(argv);
      const error = failure(() => parse(argv));
      // What a hint adds is compared in the program's own tests.
      const [first] = error.message.split('\n');
      expect({ exitCode: error.exitCode, message: first }).toEqual({ exitCode, message });
    });
  }
});

describe.concurrent('usage errors print the usage', () => {
  const LINES = [
    [],
    ['-v'],
    ['-h', '-v'],
    ['--no-h'],
    ['--sender', 'a', 'b'],
    ['--files-from=names', 'host:a'],
    ['--files-from=names', 'a', 'b', 'host:c'],
  ];
  for (const argv of LINES) {
    test(JSON.stringify(argv), async () => {
      const { exitCode, message } = await real.run(argv);
      expect({ exitCode, version: message.slice(0, 14) }).toEqual({
        exitCode: 1,
        version: 'rsync  version',
      });
      const error = failure(() => parse(argv));
      expect(error).toMatchObject({ exitCode: 1, message: usage() });
      expect(['USAGE', 'NO_SOURCE']).toContain(error.code);
    });
  }
});

describe.concurrent('what is shown instead of a transfer', () => {
  const LINES: [argv: string[], show: string, firstWord: string][] = [
    [['--help'], 'help', 'rsync'],
    [['--help', '--bogus'], 'help', 'rsync'],
    [['-h'], 'help', 'rsync'],
    [['-hh'], 'help', 'rsync'],
    [['-vh'], 'help', 'rsync'],
    [['--human-readable'], 'help', 'rsync'],
    [['-V', '--help'], 'help', 'rsync'],
    [['-V'], 'version', 'rsync'],
    [['-V', '--delete', 'a', 'b'], 'version', 'rsync'],
    [['-VV'], 'version-json', '{'],
    [['-VVV', 'a'], 'version-json', '{'],
    [['--info=help', '--bogus'], 'info-help', 'Use'],
    [['-V', '--debug=help'], 'debug-help', 'Use'],
    [['--daemon', '--help'], 'daemon-help', 'rsync'],
    [['--daemon', '-vh'], 'daemon-help', 'rsync'],
  ];
  for (const [argv, show, firstWord] of LINES) {
    test(argv.join(' '), async () => {
      const { exitCode, stdout } = await real.run(argv);
      expect({ exitCode, word: stdout.split(/\s/)[0] }).toEqual({ exitCode: 0, word: firstWord });
      expect(parse(argv).show).toBe(show);
    });
  }
});

describe('options that this version refuses', () => {
  const refused = OPTION_TABLE.filter((row) => row.status === 'refused');
  const value = (integer: boolean): string => (integer ? '5' : 'x');

  test.for(refused)('--$name', ({ name, short, aliases, argument, integer, negations }) => {
    const spellings = [name, ...aliases].map((n) => `--${n}`);
    if (short !== '') spellings.push(`-${short}`);
    for (const spelling of spellings) {
      const forms =
        argument === undefined
          ? [[spelling]]
          : [[`${spelling}=${value(integer)}`], [spelling, value(integer)]];
      for (const form of forms) {
        const error = failure(() => parse([...form, 'src', 'dst']));
        expect(error).toMatchObject({
          exitCode: 4,
          code: 'NOT_SUPPORTED',
          message: `rsync: --${name} is not supported by this version of deltawire yet`,
        });
        const server = failure(() => parseServerArguments(['--server', ...form, '.', 'd']));
        expect(server.exitCode).toBe(4);
      }
      if (argument !== undefined) {
        expect(failure(() => parse(['src', 'dst', spelling])).code).toBe('MISSING_ARGUMENT');
      }
    }
    for (const negation of negations) {
      expect(parse([`--${negation}`, 'src', 'dst']).args).toEqual(['src', 'dst']);
    }
  });

  test('syntax errors and help come first', () => {
    expect(failure(() => parse(['-z', '--bogus', 'a', 'b'])).exitCode).toBe(1);
    expect(parse(['-z', '--help']).show).toBe('help');
    expect(parse(['-z', '-V']).show).toBe('version');
  });
});

test('--iconv and its default', () => {
  const env = { RSYNC_ICONV: 'utf8,latin1' };
  expect(parse(['a', 'b']).iconv).toBeUndefined();
  expect(parse(['--iconv=.', 'a', 'b']).iconv).toBe('.');
  expect(parse(['--iconv=.', '--no-iconv', 'a', 'b']).iconv).toBeUndefined();
  expect(parse(['--iconv=-', 'a', 'b']).iconv).toBeUndefined();
  expect(parse(['a', 'b'], env).iconv).toBe('utf8,latin1');
  expect(parse(['--iconv=koi8-r', 'a', 'b'], env).iconv).toBe('koi8-r');
  expect(parse(['--no-iconv', 'a', 'b'], env).iconv).toBeUndefined();
  expect(parse(['a', 'b'], { RSYNC_ICONV: '-' }).iconv).toBeUndefined();
});

test('-N needs a platform with creation times', () => {
  expect(failure(() => parse(['-N', 'a', 'b'])).exitCode).toBe(1);
  expect(parseCommandLine(['-N', 'a', 'b'], {}, { crtimes: true }).options.crtimes).toBe(true);
});

test('protocols outside the implemented range end with exit code 2', () => {
  expect(failure(() => parse(['--protocol=33', 'a', 'b']))).toMatchObject({
    exitCode: 2,
    message: '--protocol must be no more than 32 on the Client.',
  });
  expect(failure(() => parse(['--protocol=26', 'a', 'b'])).exitCode).toBe(2);
  expect(parse(['--protocol=27', 'a', 'b']).protocol).toBe(27);
});

test('options and arguments may be mixed, and -- ends the options', () => {
  expect(parse(['a', '-r', '-', 'b', '-v', '--', '-x', '--bogus'])).toMatchObject({
    args: ['a', '-', 'b', '-x', '--bogus'],
    recursive: true,
    verbose: 1,
    oneFileSystem: 0,
  });
});

test('an argument may follow in every way', () => {
  for (const argv of [['-B700'], ['-B=700'], ['-B', '700'], ['-vB700'], ['--block-size=700']]) {
    expect(parse([...argv, 'a', 'b']).blockSize, argv.join(' ')).toBe(700);
  }
  expect(parse(['-e', '--', 'a', 'b']).rsh).toBe('--');
  expect(parse(['-f- x', 'a', 'b']).filters).toEqual([{ kind: 'filter', text: '- x' }]);
});

test('filters are kept in order, CVS rules last', () => {
  const { filters, cvsExclude } = parse([
    '-C',
    '--exclude=a',
    '-FFF',
    '--include',
    'b',
    '--exclude-from=c',
    '--include-from=d',
    'x',
    'y',
  ]);
  expect(cvsExclude).toBe(true);
  expect(filters).toEqual([
    { kind: 'exclude', pattern: 'a' },
    { kind: 'per-dir' },
    { kind: 'per-dir-hide' },
    { kind: 'include', pattern: 'b' },
    { kind: 'exclude-from', path: 'c' },
    { kind: 'include-from', path: 'd' },
    { kind: 'cvs' },
  ]);
});

test('Deltawire’s own options', () => {
  expect(
    parse(['--json', '--signature-threads=3', '--pipeline-window', '9', 'a', 'b']),
  ).toMatchObject({ json: true, signatureThreads: 3, pipelineWindow: 9 });
  expect(failure(() => parse(['--pipeline-window=0', 'a', 'b'])).exitCode).toBe(1);
  expect(parse(['--daemon', '--signature-threads=0', '--pipeline-window=9'])).toMatchObject({
    daemon: true,
    signatureThreads: 0,
    pipelineWindow: 9,
  });
});

test('a daemon’s command line', () => {
  const argv = '--daemon --no-detach --config=C --port=8730 --address=::1 -M a=b -4 -vv'.split(' ');
  expect(parse([...argv, '--log-file=L', '--log-file-format=F', '--bwlimit=5'])).toMatchObject({
    daemon: true,
    detach: false,
    config: 'C',
    port: 8730,
    address: '::1',
    dparam: ['a=b', 'log file=L', 'log format=F'],
    ipFamily: 4,
    verbose: 2,
    bwlimit: 5,
  });
  expect(parse(['--server', '--daemon', '.'])).toMatchObject({ daemon: true, server: true });
});

describe('parseServerArguments()', () => {
  test('reads what a client sends', () => {
    const options = parseServerArguments(
      '--server --sender -vlogDtpre.iLsfxCIvu --log-format=%i%I --no-iconv . src/'.split(' '),
    );
    expect(options).toMatchObject({
      server: true,
      sender: true,
      verbose: 1,
      recursive: true,
      clientInfo: '.iLsfxCIvu',
      logFormat: '%i%I',
      args: ['src/'],
    });
  });

  test('ignores --info words that it does not know', () => {
    const { info } = parseServerArguments(['--server', '--info=foo,name2', '-e.', '.', 'd']);
    expect(info).toEqual({ name: 2 });
  });

  test('refuses to become a daemon', () => {
    for (const option of ['--daemon', '--config=x', '--dparam=a=b', '--no-detach']) {
      expect(failure(() => parseServerArguments(['--server', option, '.'])).message).toBe(
        'rsync: Attempt to hack rsync thwarted!',
      );
    }
  });

  test('a lone word may be missing', () => {
    expect(parseServerArguments(['--server']).args).toEqual([]);
    expect(parseServerArguments(['--server', '.']).args).toEqual([]);
    expect(parseServerArguments(['--server', '.', '.', 'a']).args).toEqual(['.', 'a']);
  });
});

test('any list of words is either accepted or answered with an OptionError', () => {
  const spelled = [...OPTION_TABLE, ...DAEMON_TABLE].flatMap((row) => [
    `--${row.name}`,
    `--${row.name}=1`,
    `-${row.short}`,
    ...row.negations.map((n) => `--${n}`),
  ]);
  const word = fc.oneof(fc.constantFrom(...spelled, '.', '--', '-'), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.boolean(), (argv, isServer) => {
      try {
        if (isServer) parseServerArguments(argv);
        else parse(argv);
      } catch (error) {
        expect(error).toBeInstanceOf(OptionError);
      }
    }),
    { numRuns: 2000 },
  );
});

// Messages of rsync 3.5.0.
test.each([
  ['--outbuf=X', 'rsync: Invalid --outbuf setting -- specify N, L, or B.'],
  ['--max-alloc=1', 'rsync: --max-alloc=1 is too small (min: 1.00M or 0 for unlimited)'],
  ['--max-alloc=x', 'rsync: --max-alloc=x is invalid'],
])('%s', (option, message) => {
  expect(() => parseCommandLine([option, 'a', 'b'], {})).toThrow(message);
});

test('limits and lists of the environment', () => {
  const parse = (env: Record<string, string>, ...argv: string[]) =>
    parseCommandLine([...argv, 'a', 'b'], env).options;
  expect(parse({ RSYNC_MAX_ALLOC: '2m' }).maxAlloc).toBe('2m');
  expect(parse({ RSYNC_MAX_ALLOC: '2m' }, '--max-alloc=3m').maxAlloc).toBe('3m');
  expect(parse({ RSYNC_MAX_ALLOC: '1g' }).maxAlloc).toBeUndefined();
  expect(() => parse({ RSYNC_MAX_ALLOC: '5' })).toThrow('--max-alloc=5 is too small');
  expect(parse({ RSYNC_CHECKSUM_LIST: 'bogus sha1 & md5' }).checksumList).toEqual(['sha1']);
  expect(parse({}).checksumList).toBeUndefined();
});

test('a batch holds what every version can read', () => {
  const { options } = parseCommandLine(['--write-batch=f', '-z', 'a', 'b'], {});
  expect(options).toMatchObject({ checksumList: ['md5'], compressList: ['zlib'] });
  const dry = parseCommandLine(['-n', '--only-write-batch=f', 'a', 'b'], {}).options;
  expect(dry).toMatchObject({ onlyWriteBatch: false });
  expect(dry.writeBatch).toBeUndefined();
  expect(() => parseCommandLine(['--write-batch=f', '--read-batch=g', 'a'], {})).toThrow(
    'rsync: --write-batch and --read-batch can not be used together',
  );
});
