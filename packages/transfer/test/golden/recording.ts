import { readFileSync } from 'node:fs';
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
} from '@deltawire/protocol';
import { goldenSession } from '@deltawire/testkit';
import {
  parseCommandLine,
  parseHostSpec,
  parseServerArguments,
  type RsyncOptions,
  splitShellCommand,
} from '../../../options/src/index.ts';
import type { HandshakeStart } from '../../src/index.ts';

/** One chunk as the relay between the two real programs passed it on. */
export interface TimelineChunk {
  readonly from: 'client' | 'server';
  readonly offset: number;
  readonly length: number;
}

/** Bytes of one direction behind the text phase of a daemon and the arguments. */
export interface Flow {
  readonly bytes: Uint8Array;
  /** Bytes of the binary handshake, unframed. */
  readonly handshakeBytes: number;
  readonly framed: boolean;
  /** Names of `--files-from` that are outside the frames, below protocol 31. */
  readonly rawNames: 'first' | 'behind the first frame' | undefined;
}

/** A recorded transfer, ready to be played to one of our roles. */
export interface Recording {
  readonly name: string;
  readonly pull: boolean;
  readonly client: RsyncOptions;
  readonly server: RsyncOptions;
  /** Local paths of the client's command line, relative to where it ran. */
  readonly localPaths: readonly string[];
  /** Remote paths without host and module. */
  readonly remotePaths: readonly string[];
  /** Paths as the server got them. */
  readonly serverPaths: readonly string[];
  /** Name of the module, for a daemon. */
  readonly module: string | undefined;
  readonly handshake: HandshakeStart;
  readonly dialect: Dialect;
  readonly seed: number;
  /** Of the literal data. */
  readonly compressor: string | undefined;
  /** Transfer checksum. */
  readonly checksum: string;
  readonly c2s: Flow;
  readonly s2c: Flow;
  readonly exitCode: number | null;
  /** When each chunk passed the relay, with offsets into the two flows. */
  readonly timeline: readonly TimelineChunk[];
}

const empty: Uint8Array = new Uint8Array(0);

interface Start {
  readonly protocol: number;
  readonly server: RsyncOptions;
  readonly serverPaths: readonly string[];
  readonly module: string | undefined;
  /** Bytes in front of the binary phase. */
  readonly c2sText: number;
  readonly s2cText: number;
}

/** Take a recording apart; undefined when it ends before a transfer. */
export function openRecording(name: string): Recording | undefined {
  const golden = goldenSession(name);
  try {
    const start =
      golden.argv.daemon === true
        ? daemonStart(golden.c2s, golden.s2c)
        : shellStart(golden.argv.server_argv ?? [], golden.c2s, golden.s2c);
    if (start === undefined) return undefined;
    return open(name, golden, start);
  } catch (error) {
    if (error instanceof IncompleteError) return undefined;
    throw error;
  }
}

function shellStart(argv: readonly string[], c2s: Uint8Array, s2c: Uint8Array): Start {
  const args = argv.slice(1);
  let c2sText = 0;
  let secluded: readonly string[] | undefined;
  if (args.some((arg) => /^-[^-e]*s/.test(arg))) {
    const decoder = new ArgumentsDecoder({ nulArguments: true });
    c2sText = c2s.length - decoder.push(c2s).length;
    secluded = decoder.args.slice(1);
  }
  const server = parseServerArguments(args, secluded);
  const version = (bytes: Uint8Array, at: number): number =>
    new ByteReader(bytes.subarray(at)).i32();
  return {
    protocol: Math.min(version(c2s, c2sText), version(s2c, 0)),
    server,
    serverPaths: server.args,
    module: undefined,
    c2sText,
    s2cText: 0,
  };
}

function daemonStart(c2s: Uint8Array, s2c: Uint8Array): Start | undefined {
  const fromServer = new LineDecoder();
  fromServer.push(s2c);
  let authenticates = false;
  for (let line = fromServer.next(); line !== '@RSYNCD: OK'; line = fromServer.next()) {
    if (line === undefined) return undefined;
    if (line.startsWith('@RSYNCD: AUTHREQD')) authenticates = true;
  }
  const s2cText = s2c.length - fromServer.rest().length;

  const fromClient = new LineDecoder();
  fromClient.push(c2s);
  const protocol = negotiateGreeting(PROTOCOL_MAX, parseGreeting(fromClient.next()!));
  let request = fromClient.next()!;
  const early = /^#early_input=(\d+)$/.exec(request);
  if (early !== null) {
    fromClient.push(fromClient.rest().subarray(Number(early[1])));
    request = fromClient.next()!;
  }
  if (authenticates) fromClient.next();
  const block = new ArgumentsDecoder({ nulArguments: protocol >= 30 });
  let rest = block.push(fromClient.rest());
  let secluded: readonly string[] | undefined;
  if (block.args.some((arg) => /^-[^-e]*s/.test(arg))) {
    const second = new ArgumentsDecoder({ nulArguments: true });
    rest = second.push(rest);
    secluded = second.args.slice(1);
  }
  if (!block.done) return undefined;
  const server = parseServerArguments(block.args, secluded);
  return {
    protocol,
    server,
    serverPaths: server.args.map((path) => path.slice(request.length + 1)),
    module: request,
    c2sText: c2s.length - rest.length,
    s2cText,
  };
}

function open(name: string, golden: ReturnType<typeof goldenSession>, start: Start): Recording {
  const { server, module } = start;
  const c2s = golden.c2s.subarray(start.c2sText);
  const s2c = golden.s2c.subarray(start.s2cText);
  const fromClient = new ByteReader(c2s);
  const fromServer = new ByteReader(s2c);
  if (module === undefined) {
    fromClient.i32();
    fromServer.i32();
  }
  const { protocol } = start;
  const dialect = createDialect(protocol, protocol >= 30 ? readVarint(fromServer) : 0);
  let checksum: string = server.checksumChoice?.transfer ?? dialect.impliedChecksum;
  if (dialect.negotiatesNames && server.checksumChoice === undefined) {
    checksum = firstCommon(fromClient, fromServer);
  }
  let compressor = server.compress === 'none' ? undefined : server.compress;
  if (compressor === 'auto') {
    compressor = dialect.negotiatesNames ? firstCommon(fromClient, fromServer) : 'zlib';
  }
  const seed = fromServer.i32();

  const client = clientOptions(golden.argv.client_command);
  const pull = server.sender;
  const places = client.args.map((arg) => parseHostSpec(arg));
  const names = server.filesFrom !== undefined && !dialect.filesFromFramed;
  const forwards = pull === (server.filesFrom === '-');
  const rawNames = names && forwards;
  return {
    name,
    pull,
    client,
    server,
    localPaths: places.flatMap((place) => (place.kind === 'local' ? [place.path] : [])),
    remotePaths: places.flatMap((place) =>
      place.kind === 'shell'
        ? [place.path]
        : place.kind === 'daemon'
          ? [place.path.slice(place.module.length + 1)]
          : [],
    ),
    serverPaths: start.serverPaths,
    module,
    handshake: module === undefined ? { kind: 'binary' } : { kind: 'daemon', protocol },
    dialect,
    checksum,
    compressor,
    seed,
    c2s: {
      bytes: c2s,
      handshakeBytes: fromClient.position,
      framed: dialect.multiplexInput || (pull && client.removeSourceFiles),
      rawNames:
        pull && rawNames
          ? dialect.multiplexInput
            ? 'behind the first frame'
            : 'first'
          : undefined,
    },
    s2c: {
      bytes: s2c,
      handshakeBytes: fromServer.position,
      framed: true,
      rawNames: !pull && rawNames ? 'first' : undefined,
    },
    exitCode: golden.argv.client_exit,
    timeline: readTimeline(name).flatMap((chunk) => {
      const text = chunk.from === 'client' ? start.c2sText : start.s2cText;
      const end = chunk.offset + chunk.length;
      if (end <= text) return [];
      const offset = Math.max(chunk.offset, text);
      return [{ from: chunk.from, offset: offset - text, length: end - offset }];
    }),
  };
}

/** What two sides agree on that have each sent a list of names, and both keep to one order. */
function firstCommon(client: ByteReader, server: ByteReader): string {
  const theirs = readNameList(server);
  return readNameList(client).find((known) => theirs.includes(known))!;
}

function readTimeline(name: string): TimelineChunk[] {
  const url = new URL(`../../../testkit/golden/${name}/timeline.txt`, import.meta.url);
  const chunks: TimelineChunk[] = [];
  for (const line of readFileSync(url, 'latin1').split('\n')) {
    const match = /^(c2s|s2c) off=(\d+) len=(\d+)$/.exec(line);
    if (match === null) continue;
    const [, direction, offset, length] = match;
    const from = direction === 'c2s' ? 'client' : 'server';
    chunks.push({ from, offset: Number(offset), length: Number(length) });
  }
  return chunks;
}

/** The client's options: those of its command line, environment settings left aside. */
function clientOptions(command: string): RsyncOptions {
  const words = splitShellCommand(command);
  const program = words.indexOf('rsync');
  // As the command was noted, the value of `--rsync-path` lost its quotes.
  const args = words.slice(program + 1).filter((word) => !word.startsWith('--config='));
  return parseCommandLine(args, {}).options;
}

/** What one direction carries, however it was framed. */
export interface Logical {
  readonly handshake: Uint8Array;
  /** Everything behind the handshake, without headers and messages. */
  readonly stream: Uint8Array;
  readonly messages: readonly MuxMessage[];
  /** Whether the bytes end inside a frame. */
  readonly incomplete: boolean;
}

/** Take bytes of a flow apart, as far as they go. */
export function logical(bytes: Uint8Array, flow: Flow): Logical {
  const handshake = bytes.subarray(0, flow.handshakeBytes);
  const body = bytes.subarray(flow.handshakeBytes);
  if (!flow.framed) return { handshake, stream: body, messages: [], incomplete: false };
  const data: Uint8Array[] = [];
  const messages: MuxMessage[] = [];
  const mux = new MuxDecoder({
    role: 'client',
    onData: (view) => data.push(view),
    onMessage: (message) => messages.push(message),
  });
  let at = 0;
  if (flow.rawNames !== undefined && body.length > 0) {
    if (flow.rawNames === 'behind the first frame') at = mux.step(body, 0);
    const names = new FilesFromDecoder();
    names.push(body.subarray(at));
    const length = body.length - at - names.rest.length;
    data.push(body.subarray(at, at + length));
    at += length;
  }
  if (at < body.length) mux.push(body.subarray(at));
  return {
    handshake,
    stream: data.length === 0 ? empty : Buffer.concat(data),
    messages,
    incomplete: mux.midFrame,
  };
}
