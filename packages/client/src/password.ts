import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { errnoText } from '@deltawire/filesystem';
import { RsyncError, textToBytes } from '@deltawire/protocol';
import type { CheckFile } from './lists.ts';

/** Only this much of a password file is looked at (docs/spec/session.md §4.6). */
const MAX_PASSWORD_BYTES = 511;

/** Who the daemon wants a password of. */
export interface PasswordRequest {
  /** Text. */
  readonly user: string;
  readonly host: string;
  readonly module: string;
}

/** A password as text, or a way to ask for one; undefined gives up. */
export type PasswordSource =
  | string
  | ((request: PasswordRequest) => string | undefined | Promise<string | undefined>);

const refuse = (message: string, cause?: unknown): RsyncError =>
  new RsyncError(message, { code: 'PASSWORD_FILE', exitCode: 1, cause });

/**
 * The first line of a `--password-file` as a byte string; `-` reads standard input.
 * Others must have no access to the file, and root uses only root's files. Throws with exit code 1.
 */
export function readPasswordFile(path: string, check: CheckFile = () => {}): string {
  const fd = path === '-' ? 0 : openPasswordFile(path, check);
  try {
    if (fd !== 0) checkPasswordFile(fd);
    const password = firstLine(fd);
    if (password === '') throw refuse(`ERROR: failed to read a password from ${path}`);
    return password;
  } finally {
    if (fd !== 0) closeSync(fd);
  }
}

function openPasswordFile(path: string, check: CheckFile): number {
  try {
    check(textToBytes(path));
    return openSync(path, 'r');
  } catch (cause) {
    const reason = errnoText(cause);
    throw refuse(`could not open password file ${path}: ${reason}`, cause);
  }
}

function checkPasswordFile(fd: number): void {
  const stat = fstatSync(fd);
  if ((stat.mode & 0o006) !== 0) {
    throw refuse('ERROR: password file must not be other-accessible');
  }
  if (process.getuid?.() === 0 && stat.uid !== 0) {
    throw refuse('ERROR: password file must be owned by root when running as root');
  }
}

function firstLine(fd: number): string {
  const buffer = Buffer.alloc(MAX_PASSWORD_BYTES);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
    if (buffer.subarray(0, length).includes(0x0a)) break;
  }
  const text = buffer.toString('latin1', 0, length);
  return text.split(/[\r\n]/, 1)[0] ?? '';
}

/** What decides the password, in order: file, caller, environment. */
export interface PasswordOptions {
  readonly passwordFile?: string | undefined;
  readonly checkFile?: CheckFile | undefined;
  readonly password?: PasswordSource | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The password for one request as a byte string; empty when nobody knows one. */
export async function findPassword(request: PasswordRequest, o: PasswordOptions): Promise<string> {
  if (o.passwordFile !== undefined) return readPasswordFile(o.passwordFile, o.checkFile);
  if (typeof o.password === 'string') return textToBytes(o.password);
  const fromEnvironment = o.env.RSYNC_PASSWORD;
  if (fromEnvironment !== undefined) return textToBytes(fromEnvironment);
  const answer = await o.password?.(request);
  return answer === undefined ? '' : textToBytes(answer);
}

/**
 * Ask for a password on the terminal without showing it. Returns undefined when there is no
 * terminal to ask on, or when the answer is Ctrl-C.
 */
export async function promptPassword(): Promise<string | undefined> {
  const fd = openTerminal();
  if (fd === undefined) return undefined;
  writeSync(fd, 'Password: ');
  const terminal = new ReadStream(fd);
  terminal.setRawMode(true);
  try {
    return await typedLine(terminal);
  } finally {
    terminal.setRawMode(false);
    writeSync(fd, '\n');
    terminal.destroy();
  }
}

/** The controlling terminal, whatever standard input is. */
function openTerminal(): number | undefined {
  try {
    return openSync('/dev/tty', 'r+');
  } catch {
    return undefined;
  }
}

/** Characters up to Enter; Backspace removes one, Ctrl-C gives up. */
function typedLine(terminal: ReadStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    let line = '';
    const finish = (answer: string | undefined): void => {
      terminal.off('data', typed);
      terminal.off('end', ended);
      resolve(answer);
    };
    const ended = (): void => finish(line);
    const typed = (data: Buffer): void => {
      for (const char of data.toString()) {
        const done = '\r\n\u0003\u0004'.includes(char);
        if (done) {
          finish(char === '\u0003' ? undefined : line);
          return;
        }
        line = char === '\u007f' || char === '\b' ? [...line].slice(0, -1).join('') : line + char;
      }
    };
    terminal.on('data', typed);
    terminal.once('end', ended);
  });
}
