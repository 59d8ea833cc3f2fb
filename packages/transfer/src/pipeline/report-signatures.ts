import type { TransferEvent } from '../events.ts';
import type { Session } from '../session.ts';

/** The level of `--debug=deltasum` at which rsync, too, tells of every file whose sums it sends. */
const DEBUG_LEVEL = 2;

/** One of the three phases of a signature. */
export type SignatureEvent = Extract<TransferEvent, { kind: 'signature' }>;

/** Who is told what becomes of signatures; undefined when nobody wants to know. */
export function signatureReporter(session: Session): ((event: SignatureEvent) => void) | undefined {
  if (session.debug('deltasum') >= DEBUG_LEVEL) {
    return (event) => {
      session.tell(`${describe(event)}\n`);
      session.emit(event);
    };
  }
  return session.observed ? (event) => session.emit(event) : undefined;
}

function describe({ phase, ndx, outcome, bytes }: SignatureEvent): string {
  switch (phase) {
    case 'requested':
      return `[generator] signature of ${ndx}: requested ahead, ${bytes} bytes`;
    case 'collected':
      return `[generator] signature of ${ndx}: collected while waiting`;
    case 'used':
      return `[generator] signature of ${ndx}: used (${outcome}), ${bytes} bytes`;
  }
}
