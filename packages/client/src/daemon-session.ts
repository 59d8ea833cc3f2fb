import { createStrongHash } from '@deltawire/checksums';
import {
  AUTH_DIGESTS,
  authResponse,
  bytesToText,
  chooseAuthDigest,
  createDialect,
  ExitCode,
  encodeArguments,
  encodeByteString,
  encodeSecludedArguments,
  formatGreeting,
  type Greeting,
  negotiateGreeting,
  parseDaemonLine,
  parseGreeting,
  RemoteError,
  RsyncError,
} from '@deltawire/protocol';
import type { Connection } from '@deltawire/transfer';
import { type LineLimit, TextChannel } from './text-channel.ts';

/** What a client asks a daemon for, and how it proves who it is. */
export interface DaemonRequest {
  /** Byte string; empty lists the modules. */
  readonly module: string;
  /** The newest protocol to offer. */
  readonly protocol: number;
  /** `--timeout`. @default none */
  readonly limit?: LineLimit | undefined;
  /** What the daemon's `early exec` shall read; at most 5,120 bytes. */
  readonly earlyInput?: Uint8Array | undefined;
  /** Byte string. */
  readonly user: string;
  /** Asked when the daemon demands a password; byte string. */
  password(): Promise<string>;
  /** The daemon has greeted, and is now asked for the module. */
  onGreeting?(): void;
  /** A line of the message of the day or of the module list; byte string without its end. */
  onLine(line: string): void;
}

/** A daemon that has accepted the module and waits for the arguments. */
export interface DaemonSession {
  readonly protocol: number;
  /** Send the argument block(s); what follows is the binary handshake. */
  start(argv: readonly string[], secluded: readonly string[] | undefined): Promise<Connection>;
}

/**
 * The client's side of the text phase (docs/spec/session.md §4). Returns undefined when the
 * daemon had nothing but lines to say (a module list). Throws with exit code 5 for an `@ERROR` and
 * for anything that is not a daemon.
 */
export async function openDaemonSession(
  connection: Connection,
  request: DaemonRequest,
): Promise<DaemonSession | undefined> {
  const channel = new TextChannel(connection, request.limit);
  await channel.write(formatGreeting(request.protocol));
  const greeting = await readGreeting(channel);
  const protocol = negotiateGreeting(request.protocol, greeting);
  request.onGreeting?.();
  await sendEarlyInput(channel, request.earlyInput);
  await channel.write(`${request.module}\n`);
  for (;;) {
    const text = await channel.readLine();
    if (text === undefined) throw startError('the daemon closed the connection without an answer');
    const line = parseDaemonLine(text);
    switch (line.kind) {
      case 'ok':
        return session(channel, protocol);
      case 'exit':
        return undefined;
      case 'error':
        throw new RemoteError(bytesToText(text), {
          code: 'DAEMON_ERROR',
          exitCode: ExitCode.START_CLIENT,
        });
      case 'auth':
        await answerChallenge(channel, line.challenge, greeting, protocol, request);
        break;
      case 'text':
        request.onLine(line.text);
    }
  }
}

async function sendEarlyInput(channel: TextChannel, input: Uint8Array | undefined): Promise<void> {
  if (input === undefined || input.length === 0) return;
  await channel.write(`#early_input=${input.length}\n`);
  await channel.write(input);
}

const startError = (message: string): RsyncError =>
  new RsyncError(message, { code: 'DAEMON_START', exitCode: ExitCode.START_CLIENT });

async function readGreeting(channel: TextChannel): Promise<Greeting> {
  const line = await channel.readLine();
  if (line === undefined) throw startError('did not see server greeting');
  try {
    return parseGreeting(line);
  } catch {
    throw startError(`server sent "${bytesToText(line)}" rather than greeting`);
  }
}

async function answerChallenge(
  channel: TextChannel,
  challenge: string,
  greeting: Greeting,
  protocol: number,
  request: DaemonRequest,
): Promise<void> {
  const choice = chooseAuthDigest(AUTH_DIGESTS, greeting.digests, protocol);
  if (choice === undefined) {
    throw new RsyncError(
      `none of the daemon's password digests is known here: ${greeting.digests?.join(' ')}`,
      { code: 'NO_COMMON_DIGEST', exitCode: ExitCode.UNSUPPORTED },
    );
  }
  const password = encodeByteString(await request.password());
  const hash = (message: Uint8Array): Uint8Array => {
    const strong = createStrongHash(choice.digest);
    strong.update(message);
    return strong.digest();
  };
  const response = authResponse(hash, password, challenge, { oldMd4: choice.oldMd4 });
  await channel.write(`${request.user} ${response}\n`);
}

function session(channel: TextChannel, protocol: number): DaemonSession {
  const dialect = createDialect(protocol, 0);
  return {
    protocol,
    async start(argv, secluded) {
      await channel.write(encodeArguments(argv, dialect));
      if (secluded) await channel.write(encodeSecludedArguments(secluded));
      return channel.release();
    },
  };
}
