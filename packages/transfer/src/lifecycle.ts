import {
  ExitCode,
  encodeMessageValue,
  exitCodeText,
  MessageTag,
  RsyncError,
} from '@deltawire/protocol';
import type { Connection } from './connection.ts';
import type { Session } from './session.ts';
import { Wire } from './wire.ts';

/** Milliseconds that the peer gets to close after the goodbye, and after a failure. */
const GOODBYE_MS = 10_000;
const FAREWELL_MS = 2_000;

/** A wire whose messages reach the session once there is one, and that ends with the signal. */
export interface OpenWire {
  readonly wire: Wire;
  attach(session: Session): void;
  /** Stop listening to the signal. */
  release(): void;
}

/** Put a wire on a connection. */
export function openWire(connection: Connection, signal: AbortSignal | undefined): OpenWire {
  let session: Session | undefined;
  const wire = new Wire(connection, { onMessage: (message) => session?.onMessage(message) });
  const abort = (): void => wire.fail(aborted(signal));
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    wire,
    attach: (attached) => {
      session = attached;
    },
    release: () => signal?.removeEventListener('abort', abort),
  };
}

function aborted(signal: AbortSignal | undefined): RsyncError {
  return new RsyncError('the transfer was cancelled', {
    code: 'ABORTED',
    exitCode: ExitCode.SIGNAL,
    cause: signal?.reason,
  });
}

/** The orderly end of a session. */
export async function finishSession(session: Session): Promise<void> {
  session.leaving = true;
  session.stopTimers();
  await session.wire.finish(GOODBYE_MS);
}

/** The exit code an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'exitCode' in error) {
    const { exitCode } = error;
    if (typeof exitCode === 'number') return exitCode;
  }
  return ExitCode.FILE_IO;
}

/** Codes that are not passed on: the connection itself is what failed. */
const SILENT = new Set<number>([
  ExitCode.SOCKET,
  ExitCode.STREAM,
  ExitCode.SIGNAL_USR1,
  ExitCode.TIMEOUT,
]);

/**
 * Tell the peer that this side dies (docs/spec/session.md §10.2) and give it the time to hear it.
 * Returns what to report: the peer's own reason, when it had one before us.
 */
export async function reportFailure(
  error: unknown,
  session: Session | undefined,
  signal: AbortSignal | undefined,
): Promise<Error> {
  const failure = asError(error, signal);
  if (session === undefined) return failure;
  const { wire } = session;
  const code = exitCodeOf(failure);
  const fromPeer = failure instanceof RsyncError && failure.code === 'REMOTE_EXIT';
  // Within one process a broken connection is the other end's failure, and reported there.
  const echoes = session.local && code === ExitCode.STREAM;
  if (session.server && !fromPeer && !echoes && wire.framed && signal?.aborted !== true) {
    if (failure.message !== '') session.complain(`${signed(session, failure.message)}\n`);
    sayExitCode(session, code);
  }
  const tells =
    session.agreement.dialect.errorExit && !session.leaving && !fromPeer && !SILENT.has(code);
  if (tells && wire.framed && signal?.aborted !== true) {
    wire.message(MessageTag.ERROR_EXIT, encodeMessageValue(code));
  }
  await wire.finish(signal?.aborted === true ? 0 : FAREWELL_MS);
  return failure;
}

/** The last line of a server that gives up. */
export function sayExitCode(session: Session, code: number): void {
  session.complain(
    `rsync error: ${exitCodeText(code)} (code ${code}) at deltawire [${roleOf(session)}=deltawire]\n`,
  );
}

const roleOf = ({ receives }: Session): string => (receives ? 'Receiver' : 'sender');

/** rsync says at the end of this one line who it is that speaks. */
function signed(session: Session, message: string): string {
  return message.startsWith('connection unexpectedly closed')
    ? `rsync: ${message} [${roleOf(session)}]`
    : message;
}

function asError(error: unknown, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true) return aborted(signal);
  return error instanceof Error ? error : new Error(String(error));
}
