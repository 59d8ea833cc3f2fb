import { encodeByteString } from '../bytes/strings.ts';
import { ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/** Digests for daemon passwords, strongest first (docs/spec/session.md §4.6). */
export const AUTH_DIGESTS = ['sha512', 'sha256', 'sha1', 'md5', 'md4'] as const;

/** One of {@link AUTH_DIGESTS}. */
export type AuthDigest = (typeof AUTH_DIGESTS)[number];

/** Longest line that rsync's server accepts as greeting or request, bytes. */
export const REQUEST_LINE_MAX_BYTES = 1024;
/** Longest line that rsync's client accepts, and its server as an authentication response, bytes. */
export const TEXT_LINE_MAX_BYTES = 5120;

/** Most bytes of early input, which a client sends before its request. */
export const EARLY_INPUT_MAX_BYTES = 5120;

/** Greater numbers mean nothing more. */
const NUMBER_MAX = 2 ** 31 - 1;
/** First version whose greeting must carry a sub-version. */
const NEEDS_SUB = 30;
/** First version whose greeting must carry a list of digests. */
const NEEDS_DIGESTS = 32;

/** What a daemon and its client say first. */
export interface Greeting {
  readonly protocol: number;
  /** 0 except in pre-releases. */
  readonly sub: number;
  /** Digest names as sent, or undefined when there is no list. */
  readonly digests: readonly string[] | undefined;
}

/** `@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4` and LF. The list is always sent, as 3.5.0 does. */
export function formatGreeting(
  protocol: number,
  digests: readonly string[] = AUTH_DIGESTS,
): string {
  return `@RSYNCD: ${[`${protocol}.0`, ...digests].join(' ')}\n`;
}

/**
 * Parse a greeting line without its end (docs/spec/session.md §4.1).
 *
 * @throws ProtocolError with exit code 5; a daemon answers with `@ERROR: ` and the message
 */
export function parseGreeting(line: string): Greeting {
  // As rsync reads it: any white space in front of the number, and a sign.
  const match = /^@RSYNCD:\s*([+-]?\d+)(?:\.(\d+))?(.*)$/s.exec(line);
  if (match === null) throw startupError('protocol startup error');
  const [, version, sub, rest = ''] = match;
  const protocol = Math.min(Math.max(Number(version), 0), NUMBER_MAX);
  if (sub === undefined && protocol >= NEEDS_SUB) {
    throw startupError(`your client omitted the subprotocol value: ${line}`);
  }
  const names = rest.split(' ').filter((name) => name !== '');
  if (names.length === 0 && protocol >= NEEDS_DIGESTS) {
    throw startupError(`your client omitted the digest name list: ${line}`);
  }
  return {
    protocol,
    sub: Math.min(Number(sub ?? 0), NUMBER_MAX),
    digests: names.length > 0 ? names : undefined,
  };
}

/**
 * The version of a daemon session: the smaller one, or one less where a pre-release is involved. Not
 * checked against what we support, because listing modules works with any; see `negotiateProtocol`.
 */
export function negotiateGreeting(ours: number, theirs: Greeting): number {
  const { protocol, sub } = theirs;
  if (protocol > ours) return ours;
  return sub !== 0 ? protocol - 1 : protocol;
}

/** Which digest answers a challenge. */
export interface AuthDigestChoice {
  readonly digest: AuthDigest;
  /** MD4 as before protocol 30: four zero bytes are hashed first. */
  readonly oldMd4: boolean;
}

/**
 * Choose the digest for a password (docs/spec/session.md §4.6, "safe rules").
 *
 * @param preferred - the list whose order decides: a client's own, or for a daemon its client's;
 *   undefined when the client sent none
 * @param accepted - the other side's list; undefined when it sent none
 * @returns undefined when the lists have nothing in common
 */
export function chooseAuthDigest(
  preferred: readonly string[] | undefined,
  accepted: readonly string[] | undefined,
  protocol: number,
): AuthDigestChoice | undefined {
  if (preferred === undefined || accepted === undefined) {
    return protocol >= 30 ? { digest: 'md5', oldMd4: false } : { digest: 'md4', oldMd4: true };
  }
  const common = preferred.find((name) => accepted.includes(name));
  const digest = AUTH_DIGESTS.find((name) => name === common);
  return digest === undefined ? undefined : { digest, oldMd4: false };
}

/**
 * The response to a challenge: `base64(H(password + challenge))` without padding.
 *
 * @param hash - the chosen digest
 * @param challenge - as received after `AUTHREQD`
 */
export function authResponse(
  hash: (message: Uint8Array) => Uint8Array,
  password: Uint8Array,
  challenge: string,
  options: { readonly oldMd4?: boolean } = {},
): string {
  const prefix = options.oldMd4 === true ? 4 : 0;
  const message = new Uint8Array(prefix + password.length + challenge.length);
  message.set(password, prefix);
  encodeByteString(challenge, message, prefix + password.length);
  return encodeBase64NoPad(hash(message));
}

/** A client's answer to a challenge. */
export interface AuthAnswer {
  readonly user: string;
  readonly response: string;
}

/** Parse `USER RESPONSE`; undefined without a space. The user name ends at the first one. */
export function parseAuthResponse(line: string): AuthAnswer | undefined {
  const space = line.indexOf(' ');
  if (space < 0) return undefined;
  return { user: line.slice(0, space), response: line.slice(space + 1) };
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 without `=` at the end. */
export function encodeBase64NoPad(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const have = Math.min(3, bytes.length - at);
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let i = 0; i <= have; i++) text += BASE64[(bits >> (18 - 6 * i)) & 63];
  }
  return text;
}

/** What a client asks of a daemon after its greeting. */
export type DaemonRequest =
  | { readonly kind: 'list' }
  | { readonly kind: 'module'; readonly name: string }
  /** `length` raw bytes follow, then the request proper. */
  | { readonly kind: 'early-input'; readonly length: number };

/**
 * Understand a request line (docs/spec/session.md §4.3 and §4.4).
 *
 * @throws ProtocolError with exit code 5; a daemon answers with `@ERROR: ` and the message
 */
export function parseDaemonRequest(line: string): DaemonRequest {
  if (line === '' || line === '#list') return { kind: 'list' };
  if (!line.startsWith('#')) return { kind: 'module', name: line };
  const early = /^#early_input=(.*)$/s.exec(line);
  if (early === null) throw startupError(`Unknown command '${line}'`);
  const length = /^\d{1,9}$/.test(early[1]!) ? Number(early[1]) : 0;
  if (length < 1 || length > EARLY_INPUT_MAX_BYTES) {
    throw startupError('invalid early_input length');
  }
  return { kind: 'early-input', length };
}

/** A line of a daemon's module list: the name padded to 15 bytes, a tab, the comment, LF. */
export function formatModuleLine(name: string, comment: string): string {
  return `${name.padEnd(15)}\t${comment}\n`;
}

/** What a line from a daemon means to its client before the transfer. */
export type DaemonLine =
  | { readonly kind: 'ok' }
  | { readonly kind: 'exit' }
  | { readonly kind: 'auth'; readonly challenge: string }
  /** The text after `@ERROR: `, or the whole line. */
  | { readonly kind: 'error'; readonly text: string }
  /** The message of the day or the module list. */
  | { readonly kind: 'text'; readonly text: string };

/** Understand a line from a daemon after its greeting (docs/spec/session.md §4.2 to §4.6). */
export function parseDaemonLine(line: string): DaemonLine {
  if (line === '@RSYNCD: OK') return { kind: 'ok' };
  if (line === '@RSYNCD: EXIT') return { kind: 'exit' };
  const auth = '@RSYNCD: AUTHREQD ';
  if (line.startsWith(auth)) return { kind: 'auth', challenge: line.slice(auth.length) };
  if (line.startsWith('@ERROR')) return { kind: 'error', text: line.replace(/^@ERROR: ?/, '') };
  return { kind: 'text', text: line };
}

function startupError(message: string): ProtocolError {
  return new ProtocolError(message, { code: 'BAD_GREETING', exitCode: ExitCode.START_CLIENT });
}
