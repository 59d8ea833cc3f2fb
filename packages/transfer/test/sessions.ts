import { planTransferChecksum } from '@deltawire/checksums';
import { createDialect } from '@deltawire/protocol';
import type { TransferEvent, TransferOptions } from '../src/index.ts';
import { connectionPair, DEFAULT_TRANSFER_OPTIONS } from '../src/index.ts';
import { Session, type SessionSetup } from '../src/session.ts';
import { Wire } from '../src/wire.ts';

/** A session without a peer: what it would say is in `events` (a client's) or `wire` (a server's). */
export function openSession(
  options: Partial<TransferOptions> = {},
  setup: Partial<SessionSetup> & { readonly protocol?: number } = {},
): { session: Session; wire: Wire; events: TransferEvent[]; texts(): string } {
  const [near] = connectionPair();
  const wire = new Wire(near, { onMessage: () => {} });
  const events: TransferEvent[] = [];
  const { protocol = 32 } = setup;
  const dialect = createDialect(protocol, protocol >= 30 ? 0x1ff : 0);
  const session = new Session(
    wire,
    { ...DEFAULT_TRANSFER_OPTIONS, ...options },
    {
      dialect,
      checksum: planTransferChecksum({
        name: 'md5',
        origin: 'explicit',
        protocol,
        seedFix: dialect.seedFix,
        seed: 1,
      }),
      fileChecksum: 'md5',
      compression: undefined,
      seed: 1,
    },
    {
      server: false,
      receives: true,
      local: undefined,
      onEvent: (event) => events.push(event),
      ...setup,
    },
  );
  const texts = (): string =>
    events.flatMap((event) => (event.kind === 'message' ? [event.text] : [])).join('');
  return { session, wire, events, texts };
}
