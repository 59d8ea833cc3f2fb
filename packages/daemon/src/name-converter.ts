import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoCode } from '@deltawire/filesystem';
import { bytesToText, ExitCode, RsyncError } from '@deltawire/protocol';
import type { NameService } from '@deltawire/transfer';
import type { Environment } from './expand.ts';
import { type HookSubject, hookCommand, hookVariables } from './hooks.ts';

/** Milliseconds an answer may take; who is silent for that long is not asked again. */
const PATIENCE_MS = 10_000;
/** Longest answer, bytes. */
const MAX_ANSWER_BYTES = 1024;
/** A name that could be taken for two lines, or that does terminals harm, is nobody's. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const CONTROL = /[\x00-\x1f\x7f]/;

/**
 * `name converter`: a program that translates names and numbers of users and groups, a line for each
 * (docs/spec/session.md §11.3). It runs as the daemon's user, so start it before becoming the module's.
 *
 * Names are looked up in the middle of lists, where nothing waits: question and answer go through two
 * fifos, which this process can read and write without its event loop.
 */
export class NameConverter implements NameService, Disposable {
  readonly #child: ChildProcess;
  readonly #questions: number;
  readonly #answers: number;
  #gone = false;

  private constructor(command: string, env: Environment) {
    const [input, questions] = makeFifo(false);
    const [answers, output] = makeFifo(true);
    try {
      this.#child = spawn(env.RSYNC_SHELL || '/bin/sh', ['-c', bytesToText(command)], {
        env,
        stdio: [input, output, 'inherit'],
      });
    } finally {
      closeSync(input);
      closeSync(output);
    }
    this.#questions = questions;
    this.#answers = answers;
    // One that cannot be started ends its answers at once.
    this.#child.on('error', () => {});
    this.#child.unref();
  }

  /** The module's converter, if it has one. Throws `RsyncError` when it may not be put together. */
  static start(subject: HookSubject, env: Environment): NameConverter | undefined {
    const { nameConverter } = subject.module;
    if (nameConverter === '') return undefined;
    const variables = hookVariables(subject);
    const named = [...variables].map(([name, value]) => [name, bytesToText(value)] as const);
    return new NameConverter(hookCommand(nameConverter, variables, env), {
      ...env,
      ...Object.fromEntries(named),
    });
  }

  userName(uid: number): string | undefined {
    return this.#name(`uid ${uid}`);
  }

  groupName(gid: number): string | undefined {
    return this.#name(`gid ${gid}`);
  }

  userId(name: string): number | undefined {
    return this.#number('usr', name);
  }

  groupId(name: string): number | undefined {
    return this.#number('grp', name);
  }

  [Symbol.dispose](): void {
    this.#gone = true;
    closeSync(this.#questions);
    closeSync(this.#answers);
  }

  #name(question: string): string | undefined {
    const answer = this.#ask(question);
    return answer === '' ? undefined : answer;
  }

  #number(kind: string, name: string): number | undefined {
    if (CONTROL.test(name)) return undefined;
    const answer = this.#ask(`${kind} ${name}`);
    return /^[0-9]{1,10}$/.test(answer) ? Number(answer) : undefined;
  }

  #ask(question: string): string {
    if (this.#gone) throw broken();
    try {
      writeSync(this.#questions, Buffer.from(`${question}\n`, 'latin1'));
      return this.#readLine();
    } catch (error) {
      if (error instanceof RsyncError) throw error;
      throw broken(error);
    }
  }

  #readLine(): string {
    const deadline = Date.now() + PATIENCE_MS;
    const byte = Buffer.alloc(1);
    let line = '';
    while (line.length <= MAX_ANSWER_BYTES && Date.now() < deadline) {
      const read = this.#tryRead(byte);
      if (read === 0) throw broken();
      if (read === undefined) sleep(1);
      else if (byte[0] === 0x0a) return line;
      else line += String.fromCharCode(byte[0]!);
    }
    throw broken();
  }

  /** undefined where nothing has come yet. */
  #tryRead(byte: Buffer): number | undefined {
    try {
      return readSync(this.#answers, byte, 0, 1, null);
    } catch (error) {
      if (errnoCode(error) === 'EAGAIN') return undefined;
      throw error;
    }
  }
}

/** As rsync says it, which talks to its converter through a socket. */
function broken(cause?: unknown): RsyncError {
  return new RsyncError('Connection to name-converter failed.', {
    code: 'NAME_CONVERTER',
    exitCode: ExitCode.SOCKET,
    cause,
  });
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function sleep(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}

/** The two ends of a fifo that has no name any more. A read of ours returns when nothing is there. */
function makeFifo(readsHere: boolean): [reader: number, writer: number] {
  const directory = mkdtempSync(join(tmpdir(), 'deltawire-'));
  const path = join(directory, 'fifo');
  try {
    const made = spawnSync('mkfifo', ['-m', '600', path]);
    if (made.status !== 0) throw broken(made.error);
    // With somebody at the other end, opening one end does not wait.
    const both = openSync(path, constants.O_RDWR);
    const ends: [number, number] = [
      openSync(path, constants.O_RDONLY | (readsHere ? constants.O_NONBLOCK : 0)),
      openSync(path, constants.O_WRONLY),
    ];
    closeSync(both);
    return ends;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
