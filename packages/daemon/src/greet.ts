import {
  formatGreeting,
  type Greeting,
  negotiateGreeting,
  PROTOCOL_MAX,
  ProtocolError,
  parseGreeting,
  REQUEST_LINE_MAX_BYTES,
} from '@deltawire/protocol';
import { Refused } from './refused.ts';
import type { TextChannel } from './text-channel.ts';

/** What both sides said first. */
export interface AgreedGreeting {
  /** The version of this session. */
  readonly protocol: number;
  /** The client's digests in its order; undefined when it sent none. */
  readonly digests: Greeting['digests'];
}

/**
 * Exchange greetings, the message of the day right behind ours (docs/spec/session.md §4.1, §4.2).
 * Undefined when the client left. Throws `Refused`.
 */
export async function greet(
  channel: TextChannel,
  motd: string,
): Promise<AgreedGreeting | undefined> {
  await channel.write(formatGreeting(PROTOCOL_MAX) + motd);
  const line = await channel.readLine(REQUEST_LINE_MAX_BYTES);
  if (line === undefined) return undefined;
  try {
    const theirs = parseGreeting(line);
    return { protocol: negotiateGreeting(PROTOCOL_MAX, theirs), digests: theirs.digests };
  } catch (error) {
    if (error instanceof ProtocolError) throw new Refused(error.message);
    throw error;
  }
}
