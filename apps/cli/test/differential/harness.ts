import { execFileSync } from 'node:child_process';
import { chmodSync, lchownSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { xattrCalls } from '@deltawire/filesystem';
import {
  deltawireCommand,
  findRsync,
  makeTree,
  type ProcessResult,
  remoteShellScript,
  runProcess,
  type TemporaryDirectory,
  type TreeSpec,
  temporaryDirectory,
} from '@deltawire/testkit';
import { describeTree } from './describe-tree.ts';
import { normalize } from './normalize.ts';

/** Who plays which part. What is compared with it is the real rsync on both ends. */
export type Variant =
  /** Our copy within the machine. */
  | 'local'
  /** Our client, the real server. */
  | 'pull'
  | 'push'
  /** The real client, our server. */
  | 'served-pull'
  | 'served-push';

export const VARIANTS: readonly Variant[] = ['local', 'pull', 'push', 'served-pull', 'served-push'];

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

/** Runs cases in a directory of its own. */
export class Differential implements Disposable {
  readonly #home: TemporaryDirectory = temporaryDirectory('differential-');
  readonly #shell: string;
  readonly #rsync: string = findRsync();
  readonly #deltawire: string;
  readonly #templates: Map<DifferentialCase, string> = new Map();
  #directories = 0;

  /** @param command starts our program */
  constructor(command: readonly string[] = deltawireCommand()) {
    chmodSync(this.#home.path, 0o755);
    this.#shell = remoteShellScript(this.#home.path);
    this.#deltawire = this.#home.join('deltawire');
    const words = command.map((word) => `'${word}'`).join(' ');
    writeFileSync(this.#deltawire, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }

  [Symbol.dispose](): void {
    clear(this.#home.path);
  }

  /** The real program on both ends. */
  reference(test: DifferentialCase, variant: Variant): Promise<Observation> {
    return this.#run(test, variant, this.#rsync, this.#rsync);
  }

  /** The same with ours on the end that `variant` says. */
  ours(test: DifferentialCase, variant: Variant): Promise<Observation> {
    const served = variant.startsWith('served');
    return served
      ? this.#run(test, variant, this.#rsync, this.#deltawire)
      : this.#run(test, variant, this.#deltawire, this.#rsync);
  }

  async #run(
    test: DifferentialCase,
    variant: Variant,
    client: string,
    server: string,
  ): Promise<Observation> {
    const directory = this.#prepare(test);
    const result = await runProcess(this.#command(test, variant, client, server), {
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
    return observe(test, result, directory, server);
  }

  #command(test: DifferentialCase, variant: Variant, client: string, server: string): string[] {
    const { sources = ['src/'], destination = 'dst' } = test;
    const words = [client, ...test.options];
    const pull = variant.endsWith('pull');
    if (variant !== 'local') {
      const before = test.remotely === undefined ? '' : `${test.remotely} `;
      words.push('-e', this.#shell, `--rsync-path=${before}${server}`);
    }
    words.push(...sources.map((path, i) => (pull ? `${i === 0 ? 'host' : ''}:${path}` : path)));
    if (destination !== null)
      words.push(variant.endsWith('push') ? `host:${destination}` : destination);
    if (test.asUser !== true || !IS_ROOT) return words;
    return ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', ...words];
  }

  /** A directory with what the case needs. Making trees takes many processes, copying them takes one. */
  #prepare(test: DifferentialCase): string {
    if (test.freshTimes === true) {
      const made = this.#nextDirectory();
      makeFiles(test, made);
      return made;
    }
    let template = this.#templates.get(test);
    if (template === undefined) {
      template = this.#home.join(`case-${this.#templates.size}`);
      this.#templates.set(test, template);
      makeFiles(test, template);
    }
    const directory = this.#nextDirectory();
    try {
      execFileSync('cp', ['-a', template, directory], { stdio: 'ignore' });
    } catch {
      // Nobody but root can copy what is unreadable.
      clear(directory);
      makeFiles(test, directory);
    }
    return directory;
  }

  /** Names of one length: they are part of what goes over the wire. */
  #nextDirectory(): string {
    return this.#home.join(`run-${10_000 + this.#directories++}`);
  }
}

/** Remove a directory whatever the modes of what is in it. */
function clear(directory: string): void {
  execFileSync('chmod', ['-R', 'u+rwX', directory]);
  rmSync(directory, { recursive: true });
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
  result: ProcessResult,
  directory: string,
  server: string,
): Observation {
  const places = { [directory]: '$DIR', [server]: '$RSYNC' };
  const lines = (bytes: Buffer): string[] => {
    const normal = normalize(bytes.toString('latin1'), places);
    return isUnordered(test) ? normal.sort() : normal;
  };
  return {
    code: result.code,
    stdout: lines(result.stdout),
    stderr: lines(result.stderr).filter((line) => line !== ''),
    tree: describeTree(directory, STARTED_MS),
  };
}
