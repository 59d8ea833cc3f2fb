import { rmSync, writeFileSync } from 'node:fs';
import { xattrCalls } from '@deltawire/filesystem';
import { createDaemonFilter, parseDirectives } from '@deltawire/filters';
import { makeTree, setTimes, type TemporaryDirectory } from '@deltawire/testkit';
import {
  type Connection,
  type FilesFromSource,
  openCharset,
  runClient,
  runServer,
  type TransferEvent,
} from '../../src/index.ts';
import { type Flow, logical, type Recording } from './recording.ts';
import { plain, type Scenario, type Xattrs } from './scenarios.ts';

/** Milliseconds without a byte from the role under test after which the tape gives up. */
const STALL_MS = 1500;
/** The same where what is played was damaged: then the tape goes on. */
const HURRY_MS = 10;
/** Silence that tells that a sender has sent all lists it can. */
const QUIET_MS = 40;

/** How a role behaved. */
export interface Played {
  readonly written: Uint8Array;
  /** Exit code of the result, or of the error. */
  readonly exitCode: number;
  readonly error: Error | undefined;
  readonly events: readonly TransferEvent[];
  /** The tape waited in vain: at this offset of the peer's bytes. */
  readonly stalledAt: number | undefined;
}

/** One step of the tape: wait until the role has written so much of its logical stream, then give it bytes. */
export interface Step {
  readonly after: number;
  readonly bytes: Uint8Array;
  readonly hook?: () => void;
}

/** Trees of one replay. */
export interface Stage {
  readonly source: string;
  readonly destination: string;
  readonly listFile: string;
}

export function setStage(dir: TemporaryDirectory, scenario: Scenario): Stage {
  const source = dir.join('src');
  const destination = dir.join('dst');
  makeTree(source, atTop(scenario.source ?? plain), { mtime: 1_700_000_004 });
  scenario.prepareSource?.(source);
  if (scenario.prepareSource !== undefined) {
    const names = Object.entries(scenario.source ?? {}).filter(([name]) => name.startsWith('s'));
    setTimes(
      1,
      names.map(([name]) => `${source}/${name}`),
    );
  }
  setXattrs(source, scenario.xattrs?.source);
  setDestination(destination, scenario);
  const listFile = dir.join('list');
  makeTree(dir.join('aux'), scenario.beside ?? {});
  if (scenario.filesFrom !== undefined) writeFileSync(listFile, scenario.filesFrom);
  return { source, destination, listFile };
}

/** Make the destination what it was before the session. */
export function setDestination(destination: string, scenario: Scenario): void {
  rmSync(destination, { recursive: true, force: true });
  makeTree(destination, atTop(scenario.destination ?? {}), {
    mtime: timeOfTop(scenario.destination),
  });
  setXattrs(destination, scenario.xattrs?.destination);
}

function setXattrs(root: string, xattrs: Xattrs = {}): void {
  for (const [path, values] of Object.entries(xattrs)) {
    for (const [name, value] of Object.entries(values)) {
      xattrCalls()?.set(`${root}/${path}`, name, Buffer.from(value, 'latin1'));
    }
  }
}

const atTop = (tree: NonNullable<Scenario['source']>): NonNullable<Scenario['source']> =>
  Object.fromEntries(Object.entries(tree).filter(([name]) => name !== './'));

function timeOfTop(tree: Scenario['destination']): number {
  const top = tree?.['./'];
  if (typeof top === 'object' && top !== null && 'mtime' in top) return Number(top.mtime);
  return 1_500_000_000;
}

/** Changes what is played. */
export interface Tamper {
  readonly change: (steps: Step[]) => Step[];
  /** Go on where the role does not write what its original wrote: it cannot be expected to. */
  readonly hurries: boolean;
}

/** Play the server's bytes to our client. */
export async function playClient(
  recording: Recording,
  scenario: Scenario,
  stage: Stage,
  tamper?: Tamper,
): Promise<Played> {
  const { pull, client: options } = recording;
  const tape = new Tape(recording.c2s, steps(recording, 'client', scenario, stage), tamper);
  const events: TransferEvent[] = [];
  const run = runClient(
    tape,
    {
      role: pull ? 'receiver' : 'sender',
      options,
      filters: parseDirectives(options.filters, {
        readFile: () => undefined,
        deleteExcluded: options.deleteExcluded,
        protocol: options.protocol,
      }),
      sources: pull ? [] : recording.localPaths.map((path) => onStage(path, stage)),
      destination: pull && recording.localPaths.length > 0 ? `${stage.destination}/` : '',
      ...(options.oldArgs > 0 ? {} : { requested: recording.remotePaths }),
      ...filesFrom(recording, scenario),
      handshake: recording.handshake,
      ...(scenario.charset === undefined
        ? {}
        : { charset: await openCharset(scenario.charset, {}) }),
    },
    { onEvent: (event) => events.push(event) },
  );
  return tape.outcome(run, events);
}

function filesFrom(
  { client, server }: Recording,
  scenario: Scenario,
): { filesFrom?: FilesFromSource } {
  if (client.filesFrom === undefined) return {};
  if (server.filesFrom !== '-') return { filesFrom: { kind: 'peer' } };
  return { filesFrom: { kind: 'bytes', bytes: Buffer.from(scenario.filesFrom ?? '') } };
}

/** Play the client's bytes to our server. */
export async function playServer(
  recording: Recording,
  scenario: Scenario,
  stage: Stage,
  tamper?: Tamper,
): Promise<Played> {
  const { server, module, pull } = recording;
  const tape = new Tape(recording.s2c, steps(recording, 'server', scenario, stage), tamper);
  const events: TransferEvent[] = [];
  const root = pull ? stage.source : stage.destination;
  const paths = scenario.serverPaths ?? recording.serverPaths;
  const { filesFrom: listed } = server;
  const { daemonExclude, daemonTimeout } = scenario;
  const run = runServer(
    tape,
    {
      options: {
        ...server,
        checksumSeed: recording.seed,
        ...(listed === undefined || listed === '-' ? {} : { filesFrom: stage.listFile }),
        ...(daemonTimeout === undefined ? {} : { timeout: daemonTimeout }),
      },
      paths: module === undefined ? paths.map((path) => onStage(path, stage)) : paths.map(inModule),
      handshake: recording.handshake,
      ...(module === undefined
        ? {}
        : {
            daemon: {
              moduleRoot: root,
              moduleName: module,
              readOnly: false,
              numericIds: scenario.daemonNumericIds,
              filter: createDaemonFilter(
                daemonExclude === undefined ? {} : { exclude: daemonExclude },
                () => undefined,
              ),
            },
          }),
      ...(scenario.reject === undefined ? {} : { reject: scenario.reject }),
    },
    { onEvent: (event) => events.push(event) },
  );
  return tape.outcome(run, events);
}

/** As the daemon hands paths over: the module itself is `.`, its contents `./`. */
const inModule = (path: string): string => (path === '' ? './' : path);

/** `src/…` and `dst/…` of the recording, here. */
function onStage(path: string, stage: Stage): string {
  const match = /^(src|dst)(\/.*)?$/.exec(path);
  if (match === null) return `${stage.source}/../${path}`;
  return `${match[1] === 'src' ? stage.source : stage.destination}${match[2] ?? ''}`;
}

/**
 * What the tape gives to `role`, and when. A sender only reacts, so it gets everything at once. A
 * generator's requests must not be answered before they are made: each chunk waits until the role
 * has written as much as its original had when the relay passed the chunk on.
 */
function steps(
  recording: Recording,
  role: 'client' | 'server',
  scenario: Scenario,
  stage: Stage,
): Step[] {
  const ours = role === 'client' ? recording.c2s : recording.s2c;
  const theirs = role === 'client' ? recording.s2c : recording.c2s;
  const receives = (role === 'client') === recording.pull;
  if (!receives) {
    const hook = scenario.beforeRequests;
    if (hook === undefined) return [{ after: 0, bytes: theirs.bytes }];
    const cut =
      recording.timeline.find(({ from, offset }) => from !== role && offset > theirs.handshakeBytes)
        ?.offset ?? theirs.handshakeBytes;
    return [
      { after: 0, bytes: theirs.bytes.subarray(0, cut) },
      { after: 0, bytes: theirs.bytes.subarray(cut), hook: () => hook(stage.source) },
    ];
  }
  // Nothing was noted where a side died at once.
  if (recording.timeline.length === 0) return [{ after: 0, bytes: theirs.bytes }];
  let written = 0;
  const result: Step[] = [];
  for (const { from, offset, length } of recording.timeline) {
    if (from === role) {
      written = logicalLength(ours.bytes.subarray(0, offset + length), ours);
    } else {
      result.push({ after: written, bytes: theirs.bytes.subarray(offset, offset + length) });
    }
  }
  return result;
}

function logicalLength(bytes: Uint8Array, flow: Flow): number {
  const { handshake, stream } = logical(bytes, flow);
  return handshake.length + stream.length;
}

/** The peer's end of a connection, as a recording has it. */
class Tape implements Connection {
  readonly input: AsyncIterable<Uint8Array>;
  readonly #flow: Flow;
  readonly #written: Uint8Array[] = [];
  readonly #hurries: boolean;
  #changed: (() => void) | undefined;
  #closed = false;
  #stalledAt: number | undefined;

  constructor(flow: Flow, steps: Step[], tamper: Tamper | undefined) {
    this.#flow = flow;
    this.#hurries = tamper?.hurries === true;
    this.input = this.#play(tamper?.change(steps) ?? steps);
  }

  async *#play(steps: readonly Step[]): AsyncGenerator<Uint8Array, void, void> {
    let given = 0;
    for (const { after, bytes, hook } of steps) {
      while (!this.#closed && this.#logicalLength() < after) {
        if (await this.#progress(this.#hurries ? HURRY_MS : STALL_MS)) continue;
        this.#stalledAt = given;
        if (this.#hurries) break;
        return;
      }
      if (hook !== undefined) {
        while (await this.#progress(QUIET_MS));
        hook();
      }
      given += bytes.length;
      yield bytes;
    }
  }

  #logicalLength(): number {
    if (this.#hurries) return this.#written.reduce((sum, { length }) => sum + length, 0);
    return logicalLength(Buffer.concat(this.#written), this.#flow);
  }

  /** Whether the role wrote something, or closed, within the time. */
  async #progress(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const changed = await Promise.race([
      new Promise<boolean>((resolve) => {
        this.#changed = () => resolve(true);
      }),
      new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, ms, false);
      }),
    ]);
    clearTimeout(timer);
    return changed;
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) this.#written.push(chunk.slice());
    this.#changed?.();
  }

  async end(): Promise<void> {
    this.#closed = true;
    this.#changed?.();
  }

  async close(): Promise<void> {
    await this.end();
  }

  async outcome(
    run: Promise<{ readonly exitCode: number }>,
    events: readonly TransferEvent[],
  ): Promise<Played> {
    let exitCode = 0;
    let failure: Error | undefined;
    try {
      ({ exitCode } = await run);
    } catch (error) {
      failure = error as Error;
      exitCode = (error as { exitCode?: number }).exitCode ?? -1;
    }
    const written = Buffer.concat(this.#written);
    return { written, exitCode, error: failure, events, stalledAt: this.#stalledAt };
  }
}
