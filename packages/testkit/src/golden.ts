import { readdirSync, readFileSync } from 'node:fs';

const vectors = new URL('../vectors/', import.meta.url);
const golden = new URL('../golden/', import.meta.url);

/** A file of test vectors, e.g. `loadVectors('wildmatch')`. Its `about` key explains the rest. */
export function loadVectors<T = unknown>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, vectors), 'utf8')) as T;
}

/** What `argv.json` of a recorded session says. */
export interface GoldenDescription {
  readonly client_command: string;
  readonly client_exit: number | null;
  readonly note?: string;
  /** A daemon session: there is no server command line. */
  readonly daemon?: boolean;
  /** Arguments given to the remote shell, and to the server. */
  readonly rsh_argv?: readonly string[];
  readonly server_argv?: readonly string[];
}

/** One recorded session of the real program; `golden/README.md` explains the files. */
export interface GoldenSession {
  readonly name: string;
  readonly argv: GoldenDescription;
  /** Every byte from client to server, and back. */
  readonly c2s: Uint8Array;
  readonly s2c: Uint8Array;
  /** The same without multiplex headers and messages. */
  readonly c2sLogical: Uint8Array;
  readonly s2cLogical: Uint8Array;
  readonly clientOutput: string;
  readonly clientErrors: string;
}

/** One file of a recorded session, e.g. `goldenFile('daemon-list', 's2c.bin')`. */
export function goldenFile(session: string, file: string): Buffer {
  return readFileSync(new URL(`${session}/${file}`, golden));
}

export function goldenSession(name: string): GoldenSession {
  const bytes = (file: string): Uint8Array => new Uint8Array(goldenFile(name, file));
  const text = (file: string): string => goldenFile(name, file).toString('latin1');
  return {
    name,
    argv: JSON.parse(text('argv.json')) as GoldenDescription,
    c2s: bytes('c2s.bin'),
    s2c: bytes('s2c.bin'),
    c2sLogical: bytes('c2s.logical'),
    s2cLogical: bytes('s2c.logical'),
    clientOutput: text('client.out'),
    clientErrors: text('client.err'),
  };
}

/** Names of all recorded sessions. */
export function goldenSessions(): string[] {
  return readdirSync(golden, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
