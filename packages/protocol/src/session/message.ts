import { decodeByteString, encodeByteString } from '../bytes/strings.ts';
import { ProtocolError } from '../errors.ts';

/** Kinds of frames; byte 3 of a frame header is the tag plus 7 (docs/spec/session.md §6.2). */
export const MessageTag = {
  /** A piece of the logical stream; empty as a keep-alive. */
  DATA: 0,
  /** Text; marks an error of the transfer, so that the client ends with 23 or more. */
  ERROR_XFER: 1,
  /** Text for the client's standard output. */
  INFO: 2,
  /** Text for the client's standard error (protocol >= 30). */
  ERROR: 3,
  /** Text for the client's standard error (protocol >= 30). */
  WARNING: 4,
  ERROR_SOCKET: 5,
  LOG: 6,
  CLIENT: 7,
  ERROR_UTF8: 8,
  REDO: 9,
  STATS: 10,
  /** int32: io_error bits of the sender (protocol >= 30). */
  IO_ERROR: 22,
  /** int32: the daemon's timeout in seconds (protocol >= 31). */
  IO_TIMEOUT: 33,
  /** Empty: keep-alive of old peers at protocol 30. */
  NOOP: 42,
  /** Empty, or int32: the sender of this dies with that exit code (protocol >= 31). */
  ERROR_EXIT: 86,
  /** int32: this index is in place, its source may be removed. */
  SUCCESS: 100,
  /** Name that a server deleted; a directory's ends in NUL (protocol >= 29). */
  DELETED: 101,
  /** int32: this index cannot be sent (protocol >= 30). */
  NO_SEND: 102,
} as const;

/** Longest text or name in a message, bytes (docs/spec/session.md §6.3). */
export const MESSAGE_TEXT_MAX_BYTES = 5119;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(MessageTag).map(([name, tag]) => [tag, name]),
);

/** `'DATA'`, `'ERROR_EXIT'`, …; the number itself for an unknown tag. */
export function messageTagName(tag: number): string {
  return names.get(tag) ?? String(tag);
}

/** A complete frame other than DATA. */
export interface MuxMessage {
  readonly tag: number;
  /** The message's own copy. */
  readonly payload: Uint8Array;
}

/** Why a frame must not be sent to this role with this length; undefined when it may. */
export type MessageRefusal = 'unexpected' | 'length' | 'overflow';

/**
 * Check a frame header (docs/spec/session.md §6.2 and §6.3). rsync's internal tags (5 to 10), which
 * only its own processes exchange, are refused like unknown ones.
 */
export function refuseMessage(
  tag: number,
  length: number,
  role: 'client' | 'server',
): MessageRefusal | undefined {
  switch (tag) {
    case MessageTag.DATA:
      return undefined;
    case MessageTag.ERROR_XFER:
    case MessageTag.INFO:
    case MessageTag.ERROR:
    case MessageTag.WARNING:
    case MessageTag.DELETED:
      return length > MESSAGE_TEXT_MAX_BYTES ? 'overflow' : undefined;
    case MessageTag.IO_TIMEOUT:
      if (role === 'server') return 'unexpected';
      return length === 4 ? undefined : 'length';
    case MessageTag.IO_ERROR:
    case MessageTag.SUCCESS:
    case MessageTag.NO_SEND:
      return length === 4 ? undefined : 'length';
    case MessageTag.NOOP:
      return length === 0 ? undefined : 'length';
    case MessageTag.ERROR_EXIT:
      return length === 0 || length === 4 ? undefined : 'length';
    default:
      return 'unexpected';
  }
}

/** The error for a refused frame, in rsync's words. */
export function refusalError(refusal: MessageRefusal, tag: number, length: number): ProtocolError {
  const text =
    refusal === 'unexpected'
      ? `unexpected tag ${tag}`
      : refusal === 'length'
        ? `invalid multi-message ${tag}:${length}`
        : `multiplexing overflow ${tag}:${length}`;
  return new ProtocolError(text, { code: 'BAD_MESSAGE' });
}

/** The int32 that most messages carry; undefined for an empty payload (ERROR_EXIT). */
export function messageValue(message: MuxMessage): number | undefined {
  const { payload } = message;
  if (payload.length < 4) return undefined;
  return payload[0]! | (payload[1]! << 8) | (payload[2]! << 16) | (payload[3]! << 24);
}

/** The payload for {@link messageValue}. */
export function encodeMessageValue(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

/** What a server deleted, as DELETED says it: a directory's name ends in NUL (§8.5). */
export function decodeDeletedName(payload: Uint8Array): { name: string; isDirectory: boolean } {
  const isDirectory = payload.at(-1) === 0;
  const name = decodeByteString(payload, 0, payload.length - (isDirectory ? 1 : 0));
  return { name, isDirectory };
}

/** Counterpart of {@link decodeDeletedName}. */
export function encodeDeletedName(name: string, isDirectory: boolean): Uint8Array {
  return encodeByteString(isDirectory ? `${name}\0` : name);
}
