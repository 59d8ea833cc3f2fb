import {
  type ByteReader,
  createDialect,
  type Dialect,
  type EntryCodecOptions,
  type FileEntry,
  FileEntryReader,
  type IdList,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  NdxReader,
  readIdList,
} from '../src/index.ts';
import { loadVectors } from './vectors.ts';

/** `vectors/flist.json`. */
export interface Capture {
  readonly name: string;
  readonly protocol: number;
  readonly compat_flags: number;
  readonly opts: Readonly<Record<string, boolean>>;
  readonly checksum_type: string | null;
  readonly stream: string;
  readonly lists: readonly {
    readonly dir_ndx: number | null;
    readonly ndx_start: number;
    readonly io_error: number | null;
    readonly entries: readonly CapturedEntry[];
  }[];
  readonly tail: {
    readonly flist_eof?: boolean;
    readonly ids?: { readonly uid?: [number, string][]; readonly gid?: [number, string][] };
    readonly io_error?: number;
  };
}

/** An entry as the capture describes it. */
export interface CapturedEntry {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
  readonly nsec?: number;
  readonly mode: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly user?: string;
  readonly group?: string;
  readonly link?: string;
  readonly atime?: number;
  readonly sum?: string;
  readonly rdev?: number | [number, number];
  readonly hlink?: number;
  readonly abbrev?: boolean;
  readonly devino?: [number, number];
}

/** All captures. */
export function loadCaptures(): readonly Capture[] {
  return loadVectors<{ captures: Capture[] }>('vectors/flist.json').captures;
}

/** The session of a capture. */
export function captureDialect(capture: Capture): Dialect {
  return createDialect(capture.protocol, capture.compat_flags);
}

/** The codec options of a capture. */
export function captureOptions(capture: Capture): EntryCodecOptions {
  const { opts } = capture;
  const on = (key: string): boolean => opts[key] === true;
  return {
    uid: on('uid'),
    gid: on('gid'),
    links: on('links'),
    devices: on('devices'),
    specials: on('specials'),
    hardLinks: on('hard'),
    checksumLength: on('checksum') ? 16 : 0,
    atimes: on('atimes'),
    crtimes: false,
    inlineNames: on('inc') && !on('numeric'),
    relative: capture.name.startsWith('t13_R'),
    missingArgs: capture.name === 't14_missing',
    recursive: true,
    acls: on('acls'),
    xattrs: on('xattrs'),
  };
}

/** One step of a decoded capture, with enough to write it again. */
export type Piece =
  | { readonly kind: 'entry'; readonly entry: FileEntry; readonly start: number }
  | { readonly kind: 'end'; readonly ioError: number }
  | { readonly kind: 'ndx'; readonly ndx: number }
  | { readonly kind: 'ids'; readonly list: IdList }
  | { readonly kind: 'ioError'; readonly value: number };

/** Reads a capture from its first to its last byte, one piece per call. */
export class CaptureDecoder {
  readonly dialect: Dialect;
  readonly #capture: Capture;
  readonly #options: EntryCodecOptions;
  readonly #entries: FileEntryReader;
  readonly #ndx: NdxReader;
  #state: 'entry' | 'ndx' | 'uids' | 'gids' | 'ioError' | 'done' = 'entry';
  #list = 0;

  constructor(capture: Capture) {
    this.#capture = capture;
    this.dialect = captureDialect(capture);
    this.#options = captureOptions(capture);
    this.#entries = new FileEntryReader(this.dialect, this.#options);
    this.#entries.beginList(this.#start);
    this.#ndx = new NdxReader(this.dialect);
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Suitable for `DecodeBuffer.attempt`. */
  read(reader: ByteReader): Piece {
    switch (this.#state) {
      case 'entry':
        return this.#readEntry(reader);
      case 'ndx': {
        const ndx = this.#ndx.read(reader);
        if (ndx === NDX_FLIST_EOF) this.#state = 'done';
        else {
          this.#list++;
          const expected = this.#capture.lists[this.#list]!.dir_ndx!;
          if (ndx !== NDX_FLIST_OFFSET - expected) throw new Error(`list ${ndx}`);
          this.#entries.beginList(this.#start);
          this.#state = 'entry';
        }
        return { kind: 'ndx', ndx };
      }
      case 'uids':
      case 'gids': {
        const list = readIdList(reader, this.dialect);
        this.#after(this.#state);
        return { kind: 'ids', list };
      }
      case 'ioError': {
        const value = reader.i32();
        this.#state = 'done';
        return { kind: 'ioError', value };
      }
      default:
        throw new Error('read past the end');
    }
  }

  #readEntry(reader: ByteReader): Piece {
    const entry = this.#entries.read(reader);
    if ('end' in entry) {
      if (this.dialect.incRecurse) this.#state = 'ndx';
      else this.#after('entries');
      return { kind: 'end', ioError: entry.ioError };
    }
    return { kind: 'entry', entry, start: this.#start };
  }

  /** Id lists follow for what is preserved, then, below protocol 30, the I/O error. */
  #after(part: 'entries' | 'uids' | 'gids'): void {
    const { uid, gid } = this.#options;
    if (part === 'entries' && uid) this.#state = 'uids';
    else if (part !== 'gids' && gid) this.#state = 'gids';
    else this.#state = this.dialect.ioErrorMessages ? 'done' : 'ioError';
  }

  get #start(): number {
    return this.#capture.lists[this.#list]!.ndx_start;
  }
}
