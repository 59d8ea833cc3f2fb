import { decodeByteString, escapeForDisplay } from '../bytes/strings.ts';
import { ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/** Longest path of an entry, bytes, including the prefix it shares with the previous one. */
export const NAME_MAX_BYTES = 4095;
/** Longest symlink target, bytes. */
export const LINK_TARGET_MAX_BYTES = 4095;

const SLASH = 0x2f;
const DOT = 0x2e;

/**
 * Check an entry's name and drop redundant slashes and `.` components (docs/spec/data.md §3.6).
 *
 * @param relative - the name may begin with a slash, which it keeps
 * @throws ProtocolError with exit code 4 for a name that leads out of the destination, is empty or
 *   contains NUL
 */
export function readEntryName(bytes: Uint8Array, length: number, relative: boolean): string {
  const name = decodeByteString(bytes, 0, length);
  if (isClean(bytes, length)) return name;
  if (length === 1 && bytes[0] === DOT) return name;
  return clean(name, relative);
}

/** Whether a name has only proper components; most have. */
function isClean(bytes: Uint8Array, length: number): boolean {
  if (length === 0 || bytes[length - 1] === SLASH) return false;
  let componentStart = true;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at]!;
    if (componentStart) {
      if (byte === SLASH) return false;
      if (byte === DOT && isDots(bytes, at, length)) return false;
    }
    if (byte === 0) return false;
    componentStart = byte === SLASH;
  }
  return true;
}

/** Whether the component at `at` is `.` or `..`. */
function isDots(bytes: Uint8Array, at: number, length: number): boolean {
  const end = bytes[at + 1] === DOT ? at + 2 : at + 1;
  return end >= length || bytes[end] === SLASH;
}

function clean(name: string, relative: boolean): string {
  const components = name.split('/').filter((part) => part !== '' && part !== '.');
  const absolute = name.startsWith('/');
  if (name === '' || name.includes('\0') || (absolute && !relative) || components.includes('..')) {
    throw new ProtocolError(
      `ABORTING due to unsafe pathname from sender: ${escapeForDisplay(name)}`,
      { code: 'UNSAFE_NAME', exitCode: ExitCode.UNSUPPORTED },
    );
  }
  const joined = components.join('/');
  if (absolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}
