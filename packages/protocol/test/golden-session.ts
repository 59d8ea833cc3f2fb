import {
  ArgumentsDecoder,
  ByteReader,
  createDialect,
  type Dialect,
  FilesFromDecoder,
  IncompleteError,
  LineDecoder,
  MuxDecoder,
  type MuxMessage,
  negotiateGreeting,
  PROTOCOL_MAX,
  parseGreeting,
  readNameList,
  readVarint,
} from '../src/index.ts';
import { concat, loadGolden } from './vectors.ts';

const decoder = new TextDecoder('latin1');

/** One direction of a recorded session, taken apart. */
export interface Direction {
  /** Text phase and handshake. */
  readonly prefix: Uint8Array;
  /** The logical stream behind them. */
  readonly stream: Uint8Array;
  /** Whether the stream came in frames. */
  readonly framed: boolean;
  readonly messages: readonly MuxMessage[];
}

/** A recorded session that got past its handshake. */
export interface GoldenSession {
  readonly dialect: Dialect;
  readonly args: readonly string[];
  /** Negotiated checksum, or the implied one. */
  readonly checksum: string;
  readonly pull: boolean;
  readonly c2s: Direction;
  readonly s2c: Direction;
}

const digestLengths: Readonly<Record<string, number>> = {
  xxh128: 16,
  xxh3: 8,
  xxh64: 8,
  md5: 16,
  md4: 16,
  sha1: 20,
  none: 1,
};

/** Bytes of a transfer checksum. */
export function digestLengthOf(name: string): number {
  return digestLengths[name]!;
}

/** Letters of the bundle, without the capability string. */
export function letters(args: readonly string[]): string {
  const bundle = args.find((arg) => /^-[a-zA-Z]/.test(arg)) ?? '-';
  return bundle.slice(1).replace(/e.*$/, '');
}

/**
 * Take a session apart with the decoders of this package. Undefined when it ends before the
 * transfer: refused by a daemon, or no common checksum.
 */
export function openSession(name: string): GoldenSession | undefined {
  const c2s = loadGolden(name, 'c2s.bin');
  const s2c = loadGolden(name, 's2c.bin');
  const argv = JSON.parse(decoder.decode(loadGolden(name, 'argv.json'))) as {
    server_argv?: string[];
  };
  const client = new ByteReader(c2s);
  const server = new ByteReader(s2c);
  try {
    const start = name.includes('daemon')
      ? daemonStart(c2s, s2c, client, server)
      : shellStart(argv.server_argv ?? [], client, server);
    if (start === undefined) return undefined;
    return open(start, c2s, s2c, client, server);
  } catch (error) {
    if (error instanceof IncompleteError) return undefined;
    throw error;
  }
}

interface Start {
  readonly protocol: number;
  readonly args: readonly string[];
}

function shellStart(argv: readonly string[], client: ByteReader, server: ByteReader): Start {
  const args = [...argv.slice(1)];
  if (letters(args).includes('s')) args.push(...readBlock(client, true).slice(1));
  return { protocol: Math.min(client.i32(), server.i32()), args };
}

/** The text phase of a daemon session; undefined when there is no OK. */
function daemonStart(
  c2s: Uint8Array,
  s2c: Uint8Array,
  client: ByteReader,
  server: ByteReader,
): Start | undefined {
  const fromServer = new LineDecoder();
  fromServer.push(s2c);
  const lines: string[] = [];
  for (let line = fromServer.next(); line !== '@RSYNCD: OK'; line = fromServer.next()) {
    if (line === undefined) return undefined;
    lines.push(line);
  }
  server.skip(s2c.length - fromServer.rest().length);

  const fromClient = new LineDecoder();
  fromClient.push(c2s);
  const greeting = parseGreeting(fromClient.next()!);
  parseGreeting(lines[0]!);
  const protocol = negotiateGreeting(PROTOCOL_MAX, greeting);
  let request = fromClient.next()!;
  let early = 0;
  const match = /^#early_input=(\d+)$/.exec(request);
  if (match !== null) {
    early = Number(match[1]);
    const rest = fromClient.rest();
    fromClient.push(rest.subarray(early));
    request = fromClient.next()!;
  }
  if (lines.some((line) => line.startsWith('@RSYNCD: AUTHREQD'))) fromClient.next();
  client.skip(c2s.length - fromClient.rest().length);
  const args = readBlock(client, protocol >= 30);
  if (letters(args).includes('s')) args.push(...readBlock(client, true).slice(1));
  return args.length === 0 ? undefined : { protocol, args };
}

/** The arguments of a block; none when a scripted client went away before sending them. */
function readBlock(reader: ByteReader, nulArguments: boolean): string[] {
  const block = new ArgumentsDecoder({ nulArguments });
  const rest = block.push(reader.bytes(reader.available));
  reader.position -= rest.length;
  return block.done ? [...block.args] : [];
}

function open(
  { protocol, args }: Start,
  c2s: Uint8Array,
  s2c: Uint8Array,
  client: ByteReader,
  server: ByteReader,
): GoldenSession {
  const dialect = createDialect(protocol, protocol >= 30 ? readVarint(server) : 0);
  const pull = args.includes('--sender');
  const choice = args.find((arg) => arg.startsWith('--checksum-choice='));
  let checksum: string = choice?.replace(/^.*=|,.*$/g, '') ?? dialect.impliedChecksum;
  if (dialect.negotiatesNames) {
    if (choice === undefined) {
      const theirs = readNameList(server);
      checksum = readNameList(client).find((name) => theirs.includes(name))!;
    }
    const compressed = letters(args).includes('z');
    if (compressed && !args.some((arg) => /^--(compress-choice|(new|old)-compress)/.test(arg))) {
      readNameList(server);
      readNameList(client);
    }
  }
  server.i32(); // seed

  const forwarded = args.indexOf('--files-from') > 0 || args.includes('--files-from=-');
  const rawNames = forwarded && !dialect.filesFromFramed;
  const framedInput =
    dialect.multiplexInput || (pull && args.some((arg) => /^--remove-s/.test(arg)));
  return {
    dialect,
    args,
    checksum,
    pull,
    c2s: split(c2s, client.position, {
      framed: framedInput,
      role: 'server',
      names: pull && rawNames && framedInput ? 'behind the first frame' : undefined,
    }),
    s2c: split(s2c, server.position, {
      framed: true,
      role: 'client',
      names: !pull && rawNames ? 'first' : undefined,
    }),
  };
}

function split(
  bytes: Uint8Array,
  start: number,
  how: {
    framed: boolean;
    role: 'client' | 'server';
    names: 'first' | 'behind the first frame' | undefined;
  },
): Direction {
  const prefix = bytes.subarray(0, start);
  if (!how.framed) return { prefix, stream: bytes.subarray(start), framed: false, messages: [] };
  const data: Uint8Array[] = [];
  const messages: MuxMessage[] = [];
  const mux = new MuxDecoder({
    role: how.role,
    onData: (view) => data.push(view),
    onMessage: (message) => messages.push(message),
  });
  let at = start;
  if (how.names !== undefined) {
    if (how.names === 'behind the first frame') at = mux.step(bytes, at);
    const names = new FilesFromDecoder();
    const raw = bytes.subarray(at);
    names.push(raw);
    data.push(raw.subarray(0, raw.length - names.rest.length));
    at = bytes.length - names.rest.length;
  }
  mux.push(bytes.subarray(at));
  if (mux.midFrame) throw new Error('the recording ends inside a frame');
  return { prefix, stream: concat(data), framed: true, messages };
}
