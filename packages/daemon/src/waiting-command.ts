import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** How a command ended. */
export interface CommandResult {
  /** As `waitpid` tells it: the exit code times 256. */
  readonly status: number;
  /** What it wrote to standard output, as far as it is kept; a byte string. */
  readonly output: string;
}

/** Settings of `WaitingCommand`. */
export interface WaitingCommandOptions {
  /** Byte string, for the shell. */
  readonly command: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Set for the command besides `env`; byte strings. */
  readonly variables: ReadonlyMap<string, string>;
  /** Set when this process ends without a word; undefined: then the command does not run. */
  readonly atDeath?: ReadonlyMap<string, string> | undefined;
  /** Keep the standard output instead of passing it to our standard error. */
  readonly captures: boolean;
}

/** Bytes of output that are kept. */
const MAX_OUTPUT = 5120;
/** What the shell gives when it cannot even be started. */
const NOT_STARTED = 127 * 256;

/**
 * The shell waits for its script, of which descriptor 3 carries the rest later: a command starts
 * with the rights of now although this process will have given up its own by then, and learns of
 * our end by the end of the script. Variables are bytes, which an environment of Node is not.
 */
const WAIT = 'eval "$(cat <&3)"; [ -n "$deltawire_command" ] || exit 0; exec 3<&-; ';
const RUN = `${WAIT}exec "\${RSYNC_SHELL:-/bin/sh}" -c "$deltawire_command"`;

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const exports = (variables: ReadonlyMap<string, string>): string =>
  [...variables].map(([name, value]) => `export ${name}=${quote(value)}\n`).join('');

/** A command of the administrator that has its process already and waits for its turn. */
export class WaitingCommand {
  readonly #child: ChildProcess;
  readonly #script: Writable;
  readonly #ended: Promise<number>;
  readonly #command: string;
  #output = '';

  constructor(o: WaitingCommandOptions) {
    this.#child = spawn('/bin/sh', ['-c', RUN], {
      env: o.env,
      // Standard output may be the connection: nothing else may get there.
      stdio: ['pipe', o.captures ? 'pipe' : 2, 'inherit', 'pipe'],
    });
    this.#script = this.#child.stdio[3] as Writable;
    this.#command = `deltawire_command=${quote(o.command)}\n`;
    // A command that does not read what it is given is none of our business.
    for (const pipe of [this.#script, this.#child.stdin]) pipe?.on('error', () => {});
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#output = (this.#output + bytes.toString('latin1')).slice(0, MAX_OUTPUT);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve(NOT_STARTED));
      // A command that a signal ended counts as one that failed.
      this.#child.once('close', (code) => resolve(code === null ? 256 : code * 256));
    });
    this.#write(exports(o.variables));
    if (o.atDeath !== undefined) this.#write(exports(o.atDeath) + this.#command);
  }

  #write(text: string): void {
    this.#script.write(text, 'latin1');
  }

  /** Let it run, with more variables and `input` as its standard input. */
  async run(
    variables: ReadonlyMap<string, string>,
    input: Uint8Array = new Uint8Array(0),
  ): Promise<CommandResult> {
    this.#child.stdin?.end(input);
    this.#script.end(exports(variables) + this.#command, 'latin1');
    const status = await this.#ended;
    return { status, output: this.#output };
  }

  /** It is not needed after all. Nothing happens after `run`. */
  dismiss(): void {
    if (this.#script.writableEnded) return;
    this.#script.end('deltawire_command=\n');
    this.#child.stdin?.end();
  }
}
