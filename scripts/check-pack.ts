/**
 * Would the packages work for somebody who installs them? Pack every public package, lint the tarballs,
 * install them into an empty project, run the example of README.md there and copy files with the program, under every
 * Node binary given as an argument (default: this one).
 *
 *     node scripts/check-pack.ts [--all-nodes] [NODE]…
 *
 * `--all-nodes` adds the Node releases of `NODE_RELEASES`, taken from the npm package `node`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  compareTrees,
  makeTree,
  randomBytes,
  readmeExample,
  remoteShellScript,
  setTimes,
  temporaryDirectory,
} from '@deltawire/testkit';

/** Besides the one that runs this: the oldest that is supported, and the newest. */
const NODE_RELEASES = ['22', '26'];

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly bin?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '..');
const readManifest = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
const pnpm = readManifest(root).packageManager!;

/** Run a program; its output is shown when it fails, and returned. */
function run(cwd: string, command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    console.error(`${stdout ?? ''}${stderr ?? ''}`);
    throw new Error(`failed in ${cwd}: ${command} ${args.join(' ')}`, { cause: error });
  }
}

const tool = (name: string): string => join(root, 'node_modules/.bin', name);

function publicPackages(): string[] {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .filter((directory) => readManifest(directory).private !== true);
}

/** Pack one package and lint the tarball. Returns its path. */
function pack(directory: string, into: string): string {
  const target = join(into, readManifest(directory).name.replace(/[@/]/g, '-'));
  mkdirSync(target);
  run(directory, 'npx', '-y', pnpm, 'pack', '--pack-destination', target);
  const tarball = join(target, readdirSync(target)[0]!);
  run(directory, tool('publint'), '--strict', tarball);
  // The program has no types; everything else must resolve for ESM users.
  if (!readManifest(directory).bin) {
    run(directory, tool('attw'), tarball, '--profile', 'esm-only', '--quiet');
  }
  return tarball;
}

/** Path of a Node binary from the npm package of that release. */
function nodeRelease(release: string): string {
  return run(root, 'npx', '-y', '-p', `node@${release}`, 'node', '-p', 'process.execPath').trim();
}

/** Copy files with the installed program: whole, by delta, and through a remote shell. */
function tryProgram(node: string, project: string): void {
  const program = join(project, 'node_modules/deltawire/dist/bin.js');
  const deltawire = (...args: string[]): string => run(project, node, program, ...args);
  const version = run(project, node, '--version').trim();
  const says = deltawire('--version').split('\n')[0];
  using directory = temporaryDirectory('check-pack-');
  const [from, to, remote] = ['src', 'dst', 'remote'].map((name) => directory.join(name)) as [
    string,
    string,
    string,
  ];
  const big = randomBytes(3_000_000);
  makeTree(from, { 'a/b.txt': 'hello', big, link: { link: 'a/b.txt' }, 'empty/': null });
  const expectEqual = (copy: string): void => {
    // Without native calls a symlink's time is exact to the microsecond only.
    const differences = compareTrees(from, copy, { ignore: ['link-times'] });
    if (differences.length > 0) throw new Error(`${version}: ${differences.join('; ')}`);
  };
  deltawire('-a', `${from}/`, `${to}/`);
  expectEqual(to);
  big[1_500_000] = ~big[1_500_000]!;
  writeFileSync(join(from, 'big'), big);
  setTimes('1600000000.5', [join(from, 'big')]);
  deltawire('-a', '--no-whole-file', `${from}/`, `${to}/`);
  expectEqual(to);
  const shell = remoteShellScript(directory.path);
  const server = `--rsync-path=${node} ${program}`;
  deltawire('-a', '-e', shell, server, `${from}/`, `host:${remote}/`);
  expectEqual(remote);
  console.log(`node ${version}: ${says}`);
}

const args = process.argv.slice(2);
const nodes = args.filter((arg) => !arg.startsWith('--')).map((arg) => resolve(arg));
if (args.includes('--all-nodes')) nodes.push(process.execPath, ...NODE_RELEASES.map(nodeRelease));
if (nodes.length === 0) nodes.push(process.execPath);

using work = temporaryDirectory('tarballs-');
const tarballs = publicPackages().map((directory) => pack(directory, work.path));
console.log(`${tarballs.length} tarballs packed and linted`);
const project = work.join('project');
mkdirSync(project);
writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
run(project, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs);
for (const name of ['man/deltawire.1', 'man/deltawire.conf.5', 'completions/deltawire.bash']) {
  if (!existsSync(join(project, 'node_modules/deltawire', name))) throw new Error(`no ${name}`);
}
writeFileSync(join(project, 'example.ts'), readmeExample(pathToFileURL(join(root, 'README.md'))));
makeTree(join(project, 'photos'), { 'cat.jpg': 'meow' });
const printed = run(project, process.execPath, 'example.ts');
if (!printed.includes('0 1 files, 4 new bytes')) throw new Error(`README.md prints ${printed}`);
for (const node of nodes) tryProgram(node, project);
