import { ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/** Oldest protocol version that Deltawire speaks. */
export const PROTOCOL_MIN = 27;
/** Newest protocol version that Deltawire speaks. */
export const PROTOCOL_MAX = 32;

/** What a peer may announce at all; text from a login script decodes to something outside. */
const ANNOUNCED_MIN = 20;
const ANNOUNCED_MAX = 40;

/**
 * The version both sides speak: the smaller one (docs/spec/session.md §5.1).
 *
 * @param ours - our maximum, or what `--protocol` says
 * @throws ProtocolError with exit code 2 when there is none
 */
export function negotiateProtocol(ours: number, theirs: number): number {
  if (theirs < ANNOUNCED_MIN || theirs > ANNOUNCED_MAX) {
    throw new ProtocolError(
      'protocol version mismatch -- is your shell clean?\n' +
        '(see the rsync manpage for an explanation)',
      { code: 'PROTOCOL_MISMATCH', exitCode: ExitCode.PROTOCOL },
    );
  }
  const protocol = Math.min(ours, theirs);
  if (protocol < PROTOCOL_MIN || protocol > PROTOCOL_MAX) {
    throw new ProtocolError(
      `protocol version ${protocol} is not supported: ${PROTOCOL_MIN} to ${PROTOCOL_MAX} are`,
      { code: 'PROTOCOL_UNSUPPORTED', exitCode: ExitCode.PROTOCOL },
    );
  }
  return protocol;
}
