/** Names are bytes: whatever a file system allows arrives as it is, in every pairing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeTree, runProcess, type TreeEntry } from '@deltawire/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  expectEqualTrees,
  expectSuccess,
  limited,
  PAIRINGS,
  Peers,
  ROUTES,
  type Transport,
} from './peers.ts';

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

/** Every byte that a name may hold, alone and in the middle. */
const EVERY_BYTE = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).filter(
  (byte) => byte !== '/' && byte !== '.',
);

const trees: Record<string, () => Record<string, TreeEntry | null>> = {
  'every byte': () =>
    Object.fromEntries(EVERY_BYTE.flatMap((byte) => [byte, `a${byte}b`].map((n) => [n, n]))),
  'the words of a command line': () =>
    Object.fromEntries(
      [
        '-a',
        '--delete',
        '--',
        '-e sh',
        'host:file',
        '::mod',
        'rsync:',
        'two  blanks ',
        ' front',
        'tab\t',
        '\n',
        'a\n\nb',
        '\r\n',
        'back\\slash',
        '\\',
        '\\#012',
        'trailing\\',
        "'single'",
        '"double"',
        '$HOME',
        '`id`',
        '$(id)',
        '*',
        '?',
        '[a]',
        '{a,b}',
        '~',
        '#',
        '!',
        ';',
        '&',
        '|',
        '<>',
        '...',
        '..x',
        '.hidden',
        '%s%n',
        'a=b',
      ].map((name) => [name, name]),
    ),
  'invalid UTF-8': () =>
    Object.fromEntries(
      [
        '\xff',
        '\xfe\xff',
        '\xc3',
        'caf\xe9',
        'caf\xc3\xa9',
        '\xed\xa0\x80',
        '\xc0\xaf',
        '\xf4\x90\x80\x80',
        '\xe2\x80\xae',
        '\xef\xbf\xbd',
        '\x80\x80\x80',
      ].flatMap((name) => [
        [name, name],
        [`dir${name}/${name}`, 'below'],
        [`link${name}`, { link: name }],
      ]),
    ),
  'components of 255 bytes': () => ({
    ['n'.repeat(255)]: 'a',
    [`${'d'.repeat(255)}/${'\xc3\xa9'.repeat(127)}`]: 'b',
    [`${'d'.repeat(255)}/${'\xff'.repeat(255)}`]: 'c',
    [`.${'h'.repeat(254)}`]: 'd',
    [`${'e'.repeat(251)}.txt`]: 'e',
    ['f'.repeat(254)]: { link: 'n'.repeat(255) },
  }),
  'a tree 200 deep': () => {
    const tree: Record<string, TreeEntry> = {};
    let path = '';
    for (let depth = 1; depth <= 200; depth++) {
      path += `${depth % 10}d/`;
      if (depth % 20 === 0) tree[`${path}file`] = `at depth ${depth}`;
    }
    tree[`${path}link`] = { link: '../..' };
    return tree;
  },
};

const TRANSPORTS: readonly Transport[] = ['shell', 'daemon'];

describe.each(Object.keys(trees))('%s', (name) => {
  const source = peers.path(`source ${name}`);
  beforeAll(() => makeTree(source, trees[name]!(), { bytes: true }));

  const routes = TRANSPORTS.flatMap((transport) =>
    ROUTES.map((route) => ({ ...route, transport })),
  );
  test.concurrent.each(routes)(
    '$client $direction $server, $transport',
    (route) =>
      limited(async () => {
        const destination = peers.path(
          `${name} ${route.client} ${route.direction} ${route.server} ${route.transport}`,
        );
        const call = { ...route, source: `${source}/`, destination };
        expectSuccess(await peers.run({ ...call, options: ['-a'] }));
        expectEqualTrees(source, destination);
        expectSuccess(await peers.run({ ...call, options: ['-ai', '--delete'] }), '');
      }),
    120_000,
  );

  test('local', async () => {
    const destination = peers.path(`${name} local`);
    const { deltawire } = peers.programs;
    expectSuccess(await runProcess([deltawire, '-a', `${source}/`, destination]));
    expectEqualTrees(source, destination);
    expectSuccess(await runProcess([deltawire, '-ai', '--delete', `${source}/`, destination]), '');
  }, 60_000);
});

/** The transfer's own names are short; the system's paths are as long as the system takes them. */
describe('paths close to 4 KiB', () => {
  // 15 components of 255 and a rest: with the root in front it stays below 4096 bytes.
  const component = 'p'.repeat(255);
  const levels = 14;
  const source = peers.path('long');

  beforeAll(() => {
    mkdirSync(source);
    let path = source;
    for (let i = 0; i < levels; i++) {
      path += `/${component}`;
      mkdirSync(path);
      writeFileSync(`${path}/f`, `level ${i}`);
    }
    const rest = 4095 - path.length - 40;
    writeFileSync(`${path}/${'q'.repeat(Math.min(255, rest))}`, 'the last one');
    // Fresh nanoseconds of directories are not always copied: give everything an old time.
    execFileSync('find', [source, '-exec', 'touch', '-h', '-d', '@1500000000', '{}', '+']);
  });

  test.concurrent.each(ROUTES)(
    '$client $direction $server',
    (route) =>
      limited(async () => {
        const destination = peers.path(`l${route.client[0]}${route.server[0]}${route.direction}`);
        const call = { ...route, source: `${source}/`, destination, transport: 'shell' as const };
        expectSuccess(await peers.run({ ...call, options: ['-a'] }));
        expectEqualTrees(source, destination);
        expectSuccess(await peers.run({ ...call, options: ['-ai', '--delete'] }), '');
      }),
    60_000,
  );
});

/** Arguments, not only names that are found in a directory. */
describe('odd arguments', () => {
  const NAMES = [
    'sp ace',
    'new\nline',
    '-dash',
    'back\\slash',
    'inval\xff\xfeid',
    'quo\'te"s',
    '$dollar`tick`',
    'col:on',
    ' edges ',
    '*',
  ];

  /** A command line as a shell script, because only that holds any byte. */
  async function runBytes(words: readonly string[], cwd: string, file: string) {
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    writeFileSync(file, Buffer.from(`exec ${quoted.join(' ')}\n`, 'latin1'));
    return runProcess(['/bin/sh', file], { cwd, timeoutMs: 60_000 });
  }

  const scenarios = (['shell', 'shell -s', 'daemon'] as const).flatMap((transport) =>
    ROUTES.map((route) => ({ ...route, transport })),
  );
  test.concurrent.each(scenarios)(
    '$client $direction $server, $transport',
    ({ client, server, direction, transport }) =>
      limited(async () => {
        const name = `arguments-${client}-${direction}-${server}-${transport}`;
        const near = peers.path(name, 'near');
        const far = peers.path(name, 'far');
        mkdirSync(near, { recursive: true });
        mkdirSync(far);
        // An escaped line end means nothing to a shell: such a source needs secluded arguments.
        const names = NAMES.filter(
          (file) => !(file.includes('\n') && transport === 'shell' && direction === 'pull'),
        );
        const files = Object.fromEntries(names.map((file) => [file, file]));
        makeTree(direction === 'push' ? near : far, files, { bytes: true });
        let remote = (path: string): string => `host:${far}/${path}`;
        const command = [peers.programs[client], '-t'];
        if (transport === 'daemon') {
          const { url } = await peers.daemon(server);
          remote = (path) => `${url}all/${name}/far/${path}`;
        } else {
          command.push('-e', peers.shell, `--rsync-path=${peers.programs[server]}`);
          if (transport === 'shell -s') command.push('-s');
        }
        // A lone star would stand for everything; quoted it is a name.
        const paths =
          direction === 'push'
            ? [...names.map((file) => `./${file}`), remote('')]
            : [...names.map((file) => remote(file === '*' ? '\\*' : file)), './'];
        expectSuccess(await runBytes([...command, ...paths], near, peers.path(`${name}.sh`)));
        expectEqualTrees(near, far, { ignore: ['directory-times'] });
      }),
    60_000,
  );

  test.concurrent.each(PAIRINGS)(
    'one name to another: $client, $server',
    ({ client, server }) =>
      limited(async () => {
        const name = `renames-${client}-${server}`;
        const root = peers.path(name);
        for (const [i, file] of NAMES.entries()) {
          // A remote shell would make something else of these.
          if (/[\n*]/.test(file)) continue;
          makeTree(`${root}/${i}`, { source: file });
          const command = [
            peers.programs[client],
            '-e',
            peers.shell,
            `--rsync-path=${peers.programs[server]}`,
            'source',
            `host:${root}/${i}/${file}`,
          ];
          expectSuccess(await runBytes(command, `${root}/${i}`, peers.path(`${name}.sh`)));
          makeTree(`${root}/expected-${i}`, { source: file, [file]: file }, { bytes: true });
          expectEqualTrees(`${root}/expected-${i}`, `${root}/${i}`, { ignore: ['mtime'] });
        }
      }),
    120_000,
  );
});

test('every tree is there', () => {
  expect(Object.keys(trees)).toHaveLength(5);
});
