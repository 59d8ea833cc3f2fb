import { bytesToText, type FileEntry, textToBytes } from '@deltawire/protocol';
import type { TransferEvent, TransferResult, TransferStats } from '@deltawire/transfer';
import { digestFormat, digestHex } from './digest.ts';
import { formatItem, type ItemizeFormat, knownDetails } from './itemize.ts';
import { permissionText, typeCharacter } from './list.ts';
import type { Failure } from './messages.ts';
import type { Printer } from './printer.ts';
import type { TextSink } from './writer.ts';

/** The version in every line; it grows when a field changes its meaning or goes away. */
export const JSON_VERSION = 1;

/** A progress line for a file at most this often, apart from the last one. */
const PROGRESS_MS = 100;

/** Prints one JSON object a line; the last one is a `summary` or an `error`. */
export class JsonPrinter implements Printer {
  readonly #sink: TextSink;
  #format: ItemizeFormat;
  readonly #now: () => number;
  readonly #startedAt: number;
  #progressAt = 0;

  constructor(sink: TextSink, format: ItemizeFormat, now: () => number = Date.now) {
    this.#sink = sink;
    this.#format = format;
    this.#now = now;
    this.#startedAt = now();
  }

  onEvent(event: TransferEvent): void {
    if (event.kind === 'progress' && !event.final) {
      const now = this.#now();
      if (now - this.#progressAt < PROGRESS_MS) return;
      this.#progressAt = now;
    }
    if (event.kind === 'list') {
      const known = knownDetails(event.protocol, event.direction === 'sending');
      this.#format = { ...this.#format, ...known };
    }
    const value = eventObject(event, this.#format);
    if (value) this.#print(value);
  }

  finish(result: TransferResult): void {
    this.#print({
      kind: 'summary',
      exitCode: result.exitCode,
      elapsedMs: this.#now() - this.#startedAt,
      stats: result.stats satisfies TransferStats,
    });
  }

  /** The last line of a run that did not come to its end. */
  fail(failure: Failure): void {
    this.#print({
      kind: 'error',
      exitCode: failure.exitCode,
      code: failure.code,
      ...named('message', failure.text.replace(/\n$/, '')),
    });
  }

  abandon(): void {}

  #print(fields: Readonly<Record<string, unknown>>): void {
    this.#sink.write(`${textToBytes(JSON.stringify({ v: JSON_VERSION, ...fields }))}\n`);
  }
}

/**
 * A byte string as text, and its bytes in base64 as `KEYBytes` when text cannot hold them.
 */
function named(key: string, bytes: string): Record<string, string> {
  const text = bytesToText(bytes);
  if (textToBytes(text) === bytes) return { [key]: text };
  return { [key]: text, [`${key}Bytes`]: Buffer.from(bytes, 'latin1').toString('base64') };
}

function entryFields(entry: FileEntry): Record<string, unknown> {
  return {
    ...named('name', entry.name),
    type: TYPES[typeCharacter(entry.mode)] ?? 'unknown',
    mode: (entry.mode & 0o7777).toString(8).padStart(4, '0'),
    permissions: permissionText(entry.mode),
    size: entry.size,
    mtime: entry.mtime,
    mtimeNs: entry.mtimeNs,
    ...(entry.linkTarget ? named('target', entry.linkTarget) : {}),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  '-': 'file',
  d: 'directory',
  l: 'symlink',
  c: 'character-device',
  b: 'block-device',
  p: 'fifo',
  s: 'socket',
};

/** The object of one event, without the version; undefined for events that are not printed. */
export function eventObject(
  event: TransferEvent,
  format: ItemizeFormat,
): Record<string, unknown> | undefined {
  const { kind } = event;
  switch (kind) {
    case 'list':
    case 'stats':
      return { ...event };
    case 'listing':
      return { kind, ...entryFields(event.entry) };
    case 'item':
    case 'transferred': {
      const { ndx, iflags, direction, xname } = event;
      const fields = {
        kind,
        ndx,
        direction,
        change: formatItem(iflags, event.entry.mode, format),
        ...entryFields(event.entry),
        ...named('name', event.name),
        ...(xname ? named('linkedTo', xname) : {}),
      };
      if (kind === 'item') return fields;
      const { literalBytes, matchedBytes, bytesSent, bytesReceived } = event;
      const { checksum, checksumName } = event;
      const sum = checksum
        ? { checksum: digestHex(checksum, digestFormat(checksumName)), checksumName }
        : {};
      return { ...fields, literalBytes, matchedBytes, bytesSent, bytesReceived, ...sum };
    }
    case 'progress':
      return { ...event, ...named('name', event.name) };
    case 'delete':
      return { kind, ...named('name', event.name), isDirectory: event.isDirectory };
    case 'created-directory':
      return { kind, ...named('path', event.path) };
    case 'message': {
      const { level, origin, text } = event;
      return { kind, level, origin, ...named('text', text.replace(/[\r\n]$/, '')) };
    }
    case 'checked':
    case 'signature':
      return { ...event };
  }
}
