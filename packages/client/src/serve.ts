import { createReadStream, createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { platformSupport } from '@deltawire/filesystem';
import { parseServerArguments, type RsyncOptions, splitCharsets } from '@deltawire/options';
import { ArgumentsDecoder, ProtocolError } from '@deltawire/protocol';
import {
  type Charset,
  type Connection,
  connectStreams,
  expandGlob,
  openCharset,
  type RunOptions,
  resumeConnection,
  runServer,
  type TransferResult,
} from '@deltawire/transfer';
import { copyAs } from './copy-as.ts';
import { pipelineOf } from './pipeline.ts';

/**
 * Standard input and output as a connection. Opened by number, because Node's own
 * `process.stdout` writes synchronously to a pipe, and two ends that both wait in a write never
 * read.
 *
 * `end` ends the input too: a client keeps its side open until this process is gone.
 */
export function stdioConnection(): Connection {
  const input: Readable = isPipe(0)
    ? new Socket({ fd: 0, readable: true, writable: false })
    : createReadStream('', { fd: 0 });
  const output: Writable = isPipe(1)
    ? new Socket({ fd: 1, readable: false, writable: true })
    : createWriteStream('', { fd: 1 });
  const connection = connectStreams(input, output, { kind: 'pipe' });
  return {
    input: connection.input,
    write: (chunks) => connection.write(chunks),
    async end() {
      await connection.end();
      input.destroy();
    },
    close: () => connection.close(),
  };
}

/** Whether the event loop can wait for it: a file, a terminal or /dev/null needs a thread. */
function isPipe(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}

/** Settings of `serveStdio`. */
export interface ServeOptions extends RunOptions {
  /** @default standard input and output */
  readonly connection?: Connection | undefined;
  /** The process is for this alone, and `--copy-as` may make it another user. @default false */
  readonly ownsProcess?: boolean | undefined;
}

/** `-s` among the bundled letters; `e` takes the rest of its word. */
const isSecluded = (argv: readonly string[]): boolean =>
  argv.some((arg) => (arg.startsWith('--') ? arg === '--secluded-args' : /^-[^e]*s/.test(arg)));

/**
 * `deltawire --server …`: serve one transfer, by default over standard input and output. `argv`
 * is without the program and consists of byte strings. Resolves with the exit code; throws
 * `RsyncError` or the option parser's error, which have one too.
 */
export async function serveStdio(argv: readonly string[], o: ServeOptions = {}): Promise<number> {
  const request = await readServerRequest(argv, o.connection ?? stdioConnection());
  return (await serveRequest(request, o)).exitCode;
}

/**
 * What a server is asked for. `argv` are its arguments as for {@link serveStdio}, which may say that
 * the rest of them comes over the connection. Throws the option parser's error.
 */
export function readServerRequest(
  argv: readonly string[],
  connection: Connection = stdioConnection(),
): Promise<ServerRequest> {
  return isSecluded(argv) ? readSecluded(argv, connection) : plainRequest(argv, connection);
}

/** Serve a request and close its connection. */
export async function serveRequest(
  request: ServerRequest,
  o: Omit<ServeOptions, 'connection'> = {},
): Promise<TransferResult> {
  const { options, paths, connection, charset } = request;
  const job = { options, paths: [...paths], handshake: { kind: 'binary' as const }, charset };
  try {
    copyAs(options.copyAs, options.sender ? 'sender' : 'Receiver', o.ownsProcess === true);
    const result = await runServer(connection, job, runOptions(options, o));
    await connection.end();
    return result;
  } finally {
    await connection.close();
  }
}

const runOptions = (
  options: RsyncOptions,
  { signal, onEvent, pipeline }: RunOptions,
): RunOptions => ({
  ...(signal === undefined ? {} : { signal }),
  ...(onEvent === undefined ? {} : { onEvent }),
  pipeline: pipelineOf(options, pipeline),
});

/** What the arguments of a server ask for, and the connection to its client. */
export interface ServerRequest {
  readonly options: RsyncOptions;
  readonly paths: readonly string[];
  readonly connection: Connection;
  /** Of the names here, with `--iconv`. */
  readonly charset: Charset | undefined;
}

/** A server uses the last part of what it is told (docs/spec/session.md §3.3). */
async function charsetOf({ iconv }: RsyncOptions): Promise<Charset | undefined> {
  const { remote } = splitCharsets(iconv);
  return remote === undefined ? undefined : openCharset(remote, process.env);
}

async function plainRequest(
  argv: readonly string[],
  connection: Connection,
): Promise<ServerRequest> {
  const options = parseServerArguments(argv, [], { env: process.env, platform: platformSupport });
  return { options, paths: options.args, connection, charset: await charsetOf(options) };
}

/**
 * The rest of the arguments comes before the protocol, and no shell has expanded the wildcards in
 * it (docs/spec/session.md §3.6).
 */
async function readSecluded(
  argv: readonly string[],
  connection: Connection,
): Promise<ServerRequest> {
  const decoder = new ArgumentsDecoder({ nulArguments: true });
  const input = connection.input[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  while (!decoder.done) {
    const { done, value } = await input.next();
    if (done) throw new ProtocolError('connection closed in the secluded arguments');
    rest = decoder.push(value);
  }
  const context = { env: process.env, platform: platformSupport };
  // The charset is on the command line; because of it, the rest is in UTF-8.
  const charset = await charsetOf(parseServerArguments(argv, [], context));
  const secluded = decoder.args.slice(1).map((arg) => charset?.textFromUtf8(arg) ?? arg);
  const options = parseServerArguments(argv, secluded, context);
  return {
    options,
    charset,
    paths: options.args.flatMap((path) => expandGlob(path)),
    connection: resumeConnection(connection, rest, input),
  };
}
