import type { NameConversion } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import type { Charset } from './charset.ts';

/** Longest name or link target that fits into an entry, bytes. */
const MAX_BYTES = 4095;
/** What the system says when a conversion needs more room than there is. */
const TOO_LONG = 'Argument list too long';

/** How the entries of a session are converted; undefined without `--iconv`. */
export function entryConversion(session: Session): NameConversion | undefined {
  const { charset } = session;
  if (charset === undefined) return undefined;
  const toWire = (name: string): string => {
    const converted = charset.toUtf8(name);
    if (converted === undefined) throw new RangeError('a name that cannot be sent');
    return converted;
  };
  const complain = (what: string, reason: string): void => {
    session.unconvertible(`[Receiver] cannot convert ${what} (${reason})\n`);
  };
  return {
    nameToWire: toWire,
    nameFromWire(name) {
      const here = charset.fromUtf8(name);
      if (here !== undefined && here.length <= MAX_BYTES) return here;
      const reason = here === undefined ? charset.problemOfUtf8(name) : TOO_LONG;
      complain(`filename: ${name}`, reason);
      return '';
    },
    links: session.convertsLinks
      ? {
          toWire,
          fromWire(target, name) {
            const here = charset.fromUtf8(target);
            if (here !== undefined && here.length <= MAX_BYTES) return here;
            const reason = here === undefined ? charset.problemOfUtf8(target) : TOO_LONG;
            const shown = charset.textToUtf8(session.showPath(name));
            complain(`symlink data for: ${shown}`, reason);
            return undefined;
          },
        }
      : undefined,
  };
}

/** Why the sender leaves something out: it has no form on the wire. */
export function objectionTo(
  session: Session,
): ((name: string, target: string, path: string) => string | undefined) | undefined {
  const { charset } = session;
  if (charset === undefined) return undefined;
  return (name, target, path) => {
    const problem = problemOf(charset, name);
    if (problem !== undefined) return `[sender] cannot convert filename: ${name} (${problem})`;
    if (target === '' || !session.convertsLinks) return undefined;
    const ofLink = problemOf(charset, target);
    if (ofLink === undefined) return undefined;
    return `[sender] cannot convert symlink data for: ${session.showPath(path)} (${ofLink})`;
  };
}

function problemOf(charset: Charset, name: string): string | undefined {
  const converted = charset.toUtf8(name);
  if (converted === undefined) return charset.problemOf(name);
  return converted.length > MAX_BYTES ? TOO_LONG : undefined;
}
