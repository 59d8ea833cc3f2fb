import { expect, test } from 'vitest';
import type { TransferEvent } from '../../src/events.ts';
import { type SignatureEvent, signatureReporter } from '../../src/pipeline/report-signatures.ts';
import type { Session } from '../../src/session.ts';

const phases: SignatureEvent[] = [
  { kind: 'signature', phase: 'requested', ndx: 7, bytes: 5000 },
  { kind: 'signature', phase: 'collected', ndx: 7, bytes: 5000 },
  { kind: 'signature', phase: 'used', ndx: 7, bytes: 5000, outcome: 'hit' },
];

function listen(level: number, observed: boolean): { lines: string[]; events: TransferEvent[] } {
  const [lines, events]: [string[], TransferEvent[]] = [[], []];
  const session = {
    observed,
    debug: (word: string) => (word === 'deltasum' ? level : 0),
    tell: (text: string) => lines.push(text),
    emit: (event: TransferEvent) => events.push(event),
  };
  const report = signatureReporter(session as unknown as Session);
  for (const phase of phases) report?.(phase);
  return { lines, events };
}

test('--debug=deltasum2 tells of the three phases, and so do events', () => {
  const { lines, events } = listen(2, true);
  expect(lines).toEqual([
    '[generator] signature of 7: requested ahead, 5000 bytes\n',
    '[generator] signature of 7: collected while waiting\n',
    '[generator] signature of 7: used (hit), 5000 bytes\n',
  ]);
  expect(events).toEqual(phases);
});

test('otherwise only events do, when somebody listens', () => {
  expect(listen(1, true)).toEqual({ lines: [], events: phases });
  const session = { observed: false, debug: () => 0 };
  expect(signatureReporter(session as unknown as Session)).toBeUndefined();
});
