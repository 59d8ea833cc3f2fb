import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the real program did with a command line. */
export interface RealRun {
  readonly exitCode: number;
  /** First line on standard error. */
  readonly message: string;
  readonly stdout: string;
  /** Arguments of the remote command from `--server` on; undefined when it did not come so far. */
  readonly argv: string[] | undefined;
  /** All words given to the remote shell. */
  readonly shellWords: string[] | undefined;
  /** The list that secluded args send, without the program's name. */
  readonly secluded: string[] | undefined;
}

/** Stands in for ssh: writes down its words and a list of secluded args, then leaves. */
const RECORDER = `#!/bin/sh
printf '%s\\0' "$@" > "$RECORD"
for word in "$@"; do
  case "$word" in -s*) sed -u -z '/^$/q' > "$RECORD.in"; break;; esac
done
`;

/** A directory in which the real rsync is asked what it does with a command line. */
export class RealRsync implements Disposable {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'deltawire-options-'));
  readonly recorder: string = join(this.directory, 'recorder');
  #runs = 0;

  constructor() {
    mkdirSync(join(this.directory, 'src'));
    writeFileSync(join(this.directory, 'src', 'a'), 'a\n');
    writeFileSync(join(this.directory, 'names'), 'a\n');
    writeFileSync(this.recorder, RECORDER);
    chmodSync(this.recorder, 0o755);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Run rsync with the recorder as its remote shell; byte strings. Rejects when there is no rsync. */
  run(argv: readonly string[], env: Record<string, string> = {}): Promise<RealRun> {
    const record = join(this.directory, `record-${this.#runs++}`);
    return new Promise((resolve, reject) => {
      const child = execFile(
        'rsync',
        argv.map((word) => Buffer.from(word, 'latin1').toString()),
        {
          cwd: this.directory,
          encoding: 'latin1',
          env: {
            PATH: process.env.PATH,
            LC_ALL: 'C',
            HOME: this.directory,
            RSYNC_RSH: this.recorder,
            RECORD: record,
            ...env,
          },
        },
        (error, stdout, stderr) => {
          if (error !== null && typeof error.code === 'string') {
            reject(new Error(`this test needs the real rsync as a peer: ${error.message}`));
            return;
          }
          const words = readWords(record);
          const start = words?.indexOf('--server') ?? -1;
          resolve({
            exitCode: child.exitCode ?? -1,
            message: stderr.split('\n')[0] ?? '',
            stdout,
            argv: start < 0 ? undefined : words?.slice(start),
            shellWords: words,
            secluded: readWords(`${record}.in`)?.slice(1),
          });
        },
      );
      child.stdin?.end();
    });
  }

  /** The argument block that rsync sends to a daemon for `rsync://…`, of which a push has no more. */
  async daemonArguments(
    argv: (url: string) => readonly string[],
    env: Record<string, string> = {},
  ): Promise<string[]> {
    let server!: Server;
    const received = new Promise<string[]>((resolve) => {
      server = createServer((socket) => answerAsDaemon(socket, resolve));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    try {
      const [, block] = await Promise.all([
        this.run(argv(`rsync://127.0.0.1:${port}`), env),
        received,
      ]);
      return block;
    } finally {
      server.close();
    }
  }
}

/** NUL-terminated words up to an empty one or the end; undefined when the file does not exist. */
function readWords(file: string): string[] | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'latin1');
  if (!file.endsWith('.in')) return text.split('\0').slice(0, -1);
  return text.slice(0, text.indexOf('\0\0')).split('\0');
}

/** Greet, accept any module, take the first argument block, hang up. */
function answerAsDaemon(socket: Socket, done: (block: string[]) => void): void {
  let received = '';
  socket.setEncoding('latin1');
  socket.on('error', () => {}); // rsync may hang up first
  socket.write('@RSYNCD: 32.0 md5 md4\n');
  let lines = 0;
  socket.on('data', (text: string) => {
    received += text;
    while (lines < 2 && received.includes('\n')) {
      received = received.slice(received.indexOf('\n') + 1);
      if (++lines === 2) socket.write('@RSYNCD: OK\n');
    }
    const end = received.indexOf('\0\0');
    if (lines < 2 || end < 0) return;
    done(received.slice(0, end).split('\0'));
    socket.destroy();
  });
}
