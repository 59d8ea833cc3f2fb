import { execFileSync } from 'node:child_process';
import { chmodSync, lchownSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { xattrCalls } from '@deltawire/filesystem';
import {
  deltawireCommand,
  findRsync,
  makeTree,
  type ProcessResult,
  type RealDaemon,
  remoteShellScript,
  runProcess,
  startDaemon,
  type TemporaryDirectory,
  type TreeSpec,
  temporaryDirectory,
} from '@deltawire/testkit';
import { describeTree } from './describe-tree.ts';
import { normalize } from './normalize.ts';
import {
  oursIsClient,
  oursIsServer,
  type Reference,
  referenceOf,
  usesDaemon,
  type Variant,
} from './variants.ts';

/** A prepared directory and what is run in it. */
export interface DifferentialCase {
  /** Unique; what the list of expected differences refers to. */
  readonly name: string;
  /** Options, as words. Paths are relative to the case's directory. */
  readonly options: readonly string[];
  /** What stands in the case's directory, by name: `src`, `dst`, lists, … */
  readonly files: Readonly<Record<string, TreeSpec | string>>;
  /** @default ['src/'] */
  readonly sources?: readonly string[];
  /** `undefined` leaves the destination argument out. @default 'dst' */
  readonly destination?: string | null;
  /** @default all */
  readonly variants?: readonly Variant[];
  /** Run as an ordinary user, who owns everything. */
  readonly asUser?: boolean;
  /** Root owns what begins with one of these names, also for an ordinary user. */
  readonly rootOwns?: readonly string[];
  /** Modes set last, behind the change of owner. */
  readonly modes?: Readonly<Record<string, number>>;
  /** Extended attributes by path and name. */
  readonly xattrs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The order of the lines depends on timing, with the real program too. */
  readonly unordered?: boolean;
  /** Trees are made for each run: a copy's access times are those of its making. */
  readonly freshTimes?: boolean;
  /** Environment of the client. */
  readonly env?: Readonly<Record<string, string>>;
  /** Shell commands at the remote side, before the server starts. */
  readonly remotely?: string;
  /** Bytes for standard input. */
  readonly input?: string;
}

/** What a run left behind, normalised; lines of standard error without empty ones. */
export interface Observation {
  readonly code: number | null;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly tree: readonly string[];
}

export type Aspect = keyof Observation;
export const ASPECTS: readonly Aspect[] = ['code', 'stdout', 'stderr', 'tree'];

const USER = 65_534;
const IS_ROOT = process.getuid?.() === 0;
/** Runs at a time, at most. Their names have one length: they are part of what goes over the wire. */
const DIRECTORIES = 60;
const FIRST_DIRECTORY = 10;
/** Files younger than this were not given a time by the test. */
const STARTED_MS = Date.now() - 60_000;

/** Only root can make what belongs to others, and devices. */
export function needsRoot({ files, rootOwns, xattrs = {} }: DifferentialCase): boolean {
  const entries = Object.values(files).flatMap((tree) =>
    typeof tree === 'string' ? [] : Object.values(tree),
  );
  return (
    rootOwns !== undefined ||
    Object.values(xattrs).some((named) => Object.keys(named).some(isPrivileged)) ||
    entries.some((entry) => {
      if (entry === null || typeof entry !== 'object') return false;
      return 'uid' in entry || 'gid' in entry || 'device' in entry;
    })
  );
}

const isPrivileged = (xattr: string): boolean => !xattr.startsWith('user.');

/** A program: how it is started by a shell, and as a daemon. */
interface Program {
  readonly path: string;
  readonly daemon: readonly string[];
}

/** Runs cases in a directory of its own. */
export class Differential implements AsyncDisposable {
  readonly #home: TemporaryDirectory = temporaryDirectory('differential-');
  readonly #shell: string;
  readonly #rsync: Program = { path: findRsync(), daemon: [findRsync()] };
  readonly #deltawire: Program;
  readonly #templates: Map<DifferentialCase, string> = new Map();
  readonly #references: Map<string, Promise<Observation>> = new Map();
  readonly #daemons: Map<Program, Promise<RealDaemon>> = new Map();
  /** Numbers of directories that nobody uses. Runs share them: together they would fill a disk. */
  readonly #free: number[] = Array.from({ length: DIRECTORIES }, (_, i) => FIRST_DIRECTORY + i);

  /** @param command starts our program */
  constructor(command: readonly string[] = deltawireCommand()) {
    chmodSync(this.#home.path, 0o755);
    this.#shell = remoteShellScript(this.#home.path);
    this.#deltawire = { path: this.#home.join('deltawire'), daemon: command };
    const words = command.map((word) => `'${word}'`).join(' ');
    writeFileSync(this.#deltawire.path, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const daemon of this.#daemons.values()) await (await daemon).stop();
    clear(this.#home.path);
  }

  /** The real program on both ends, once for all that is compared with it. */
  reference(test: DifferentialCase, variant: Variant): Promise<Observation> {
    const route = referenceOf(variant);
    const key = `${route} ${test.name}`;
    let reference = this.#references.get(key);
    if (reference === undefined) {
      reference = this.#run(test, route, this.#rsync, this.#rsync);
      this.#references.set(key, reference);
    }
    return reference;
  }

  /** The same with ours on the end, or the ends, that `variant` says. */
  ours(test: DifferentialCase, variant: Variant): Promise<Observation> {
    const client = oursIsClient(variant) ? this.#deltawire : this.#rsync;
    const server = oursIsServer(variant) ? this.#deltawire : this.#rsync;
    return this.#run(test, referenceOf(variant), client, server);
  }

  async #run(
    test: DifferentialCase,
    route: Reference,
    client: Program,
    server: Program,
  ): Promise<Observation> {
    const number = this.#free.shift();
    if (number === undefined) throw new Error(`more than ${DIRECTORIES} runs at a time`);
    const directory = this.#directory(number);
    this.#prepare(test, directory);
    const words = usesDaemon(route)
      ? await this.#daemonWords(test, route, server, number)
      : this.#shellWords(test, route, server);
    const result = await runProcess(asUser(test, [client.path, ...test.options, ...words]), {
      cwd: directory,
      env: {
        LC_ALL: 'C.UTF-8',
        TZ: 'UTC',
        NODE_COMPILE_CACHE: this.#home.join('cache'),
        ...test.env,
      },
      timeoutMs: 60_000,
      ...(test.input === undefined ? {} : { input: test.input }),
    });
    const observation = observe(test, route, result, directory, server.path);
    clear(directory);
    this.#free.push(number);
    return observation;
  }

  #shellWords(test: DifferentialCase, route: Reference, server: Program): string[] {
    if (route === 'local') return pathWords(test, route, '');
    const before = test.remotely === undefined ? '' : `${test.remotely} `;
    return [
      '-e',
      this.#shell,
      `--rsync-path=${before}${server.path}`,
      ...pathWords(test, route, 'host', ':'),
    ];
  }

  async #daemonWords(
    test: DifferentialCase,
    route: Reference,
    server: Program,
    number: number,
  ): Promise<string[]> {
    const { port } = await this.#daemon(server);
    const module = `${test.asUser === true ? 'user' : 'root'}-${number}`;
    return [`--port=${port}`, ...pathWords(test, route, '127.0.0.1', `::${module}/`)];
  }

  /** Every directory as two modules: for root, and for an ordinary user. */
  #modules(): string {
    const section = (number: number, name: string, id: number): string => {
      const ids = IS_ROOT ? `uid = ${id}\ngid = ${id}\n` : '';
      return `[${name}-${number}]\npath = ${this.#directory(number)}\n${ids}`;
    };
    const numbers = Array.from({ length: DIRECTORIES }, (_, i) => FIRST_DIRECTORY + i);
    return numbers.map((n) => section(n, 'root', 0) + section(n, 'user', USER)).join('');
  }

  #daemon(program: Program): Promise<RealDaemon> {
    let daemon = this.#daemons.get(program);
    if (daemon === undefined) {
      daemon = startDaemon(program.daemon, this.#modules(), {
        'read only': 'no',
        'munge symlinks': 'no',
        'max verbosity': 9,
      });
      this.#daemons.set(program, daemon);
    }
    return daemon;
  }

  /** A directory with what the case needs. Making trees takes many processes, copying them takes one. */
  #prepare(test: DifferentialCase, directory: string): void {
    if (test.freshTimes === true) {
      makeFiles(test, directory);
      return;
    }
    let template = this.#templates.get(test);
    if (template === undefined) {
      template = this.#home.join(`case-${this.#templates.size}`);
      this.#templates.set(test, template);
      makeFiles(test, template);
    }
    try {
      execFileSync('cp', ['-a', template, directory], { stdio: 'ignore' });
    } catch {
      // Nobody but root can copy what is unreadable.
      clear(directory);
      makeFiles(test, directory);
    }
  }

  #directory(number: number): string {
    return this.#home.join(`run-${number}`);
  }
}

/** Remove a directory whatever the modes of what is in it. */
function clear(directory: string): void {
  if (!IS_ROOT) execFileSync('chmod', ['-R', 'u+rwX', directory]);
  rmSync(directory, { recursive: true });
}

/** Source and destination arguments; `mark` is what stands between the host and a path. */
function pathWords(
  { sources = ['src/'], destination = 'dst' }: DifferentialCase,
  route: Reference,
  host: string,
  mark = '',
): string[] {
  const pull = route.endsWith('pull');
  const words = sources.map((path, i) => (pull ? `${i === 0 ? host : ''}${mark}${path}` : path));
  if (destination !== null) {
    words.push(route.endsWith('push') ? `${host}${mark}${destination}` : destination);
  }
  return words;
}

function asUser(test: DifferentialCase, words: string[]): string[] {
  if (test.asUser !== true || !IS_ROOT) return words;
  return ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', ...words];
}

function makeFiles(test: DifferentialCase, directory: string): void {
  mkdirSync(directory);
  for (const [name, content] of Object.entries(test.files)) {
    const path = `${directory}/${name}`;
    if (typeof content === 'string') writeFileSync(path, Buffer.from(content, 'latin1'));
    else makeTree(path, content, { bytes: true });
  }
  for (const [name, xattrs] of Object.entries(test.xattrs ?? {})) {
    const path = `${directory}/${name}`;
    const { mode } = lstatSync(path);
    // The owner of a read-only file may not give it attributes.
    if (!IS_ROOT && (mode & 0o200) === 0) chmodSync(path, mode | 0o200);
    for (const [xattr, value] of Object.entries(xattrs)) {
      xattrCalls()?.set(path, xattr, Buffer.from(value, 'latin1'));
    }
    if (!IS_ROOT && (mode & 0o200) === 0) chmodSync(path, mode);
  }
  if (test.asUser === true && IS_ROOT) {
    execFileSync('chown', ['-hR', `${USER}:${USER}`, directory]);
    for (const name of test.rootOwns ?? []) lchownSync(`${directory}/${name}`, 0, 0);
  }
  for (const [name, mode] of Object.entries(test.modes ?? {}))
    chmodSync(`${directory}/${name}`, mode);
}

/** With `-vv` both processes print names. */
function isUnordered({ unordered, options }: DifferentialCase): boolean {
  return unordered === true || options.some((option) => /^-[a-z]*v[a-z]*v/i.test(option));
}

function observe(
  test: DifferentialCase,
  route: Reference,
  result: ProcessResult,
  directory: string,
  server: string,
): Observation {
  const number = basename(directory).replace('run-', '');
  const places = {
    [directory]: '$DIR',
    [server]: '$RSYNC',
    [`root-${number}`]: '$MODULE',
    [`user-${number}`]: '$MODULE',
  };
  const lines = (bytes: Buffer): string[] => {
    const normal = normalize(bytes.toString('latin1'), places);
    return isUnordered(test) ? normal.sort() : normal;
  };
  const stderr = lines(result.stderr).filter((line) => line !== '');
  return {
    code: result.code,
    stdout: lines(result.stdout),
    // Both processes of a daemon have one connection for what they say.
    stderr: usesDaemon(route) ? stderr.sort() : stderr,
    tree: describeTree(directory, STARTED_MS),
  };
}
