import { type FilterRule, parseWireRule, wireRules } from '@deltawire/filters';
import { readFilterText, writeFilterListEnd, writeFilterText } from '@deltawire/protocol';
import { deletes, type TransferOptions } from './options.ts';
import type { Session } from './session.ts';

/** Whether the receiving side of a push needs the client's rules (docs/spec/session.md §7.1). */
function receiverWantsRules(options: TransferOptions, protocol: number): boolean {
  if (options.pruneEmptyDirs) return true;
  return deletes(options) && !(options.deleteExcluded && protocol < 29);
}

/** The client's part: send the rules that concern the server. */
export function sendRules(session: Session, rules: readonly FilterRule[]): void {
  const { options, agreement, wire, receives } = session;
  const { protocol } = agreement.dialect;
  if (!receives && !receiverWantsRules(options, protocol)) return;
  const texts = wireRules(rules, {
    protocol,
    amSender: !receives,
    deleteExcluded: options.deleteExcluded,
    cvsExclude: options.cvsExclude,
  });
  for (const text of texts) writeFilterText(wire.out, text);
  writeFilterListEnd(wire.out);
  wire.send();
}

/** The server's part: what the client sent, or nothing when it sends none. */
export async function receiveRules(session: Session): Promise<FilterRule[]> {
  const { options, agreement, wire, receives } = session;
  const { protocol } = agreement.dialect;
  if (receives && !receiverWantsRules(options, protocol)) return [];
  const rules: FilterRule[] = [];
  for (;;) {
    const text = await wire.read(readFilterText);
    if (text === '') break;
    rules.push(...parseWireRule(text, protocol, { deleteExcluded: options.deleteExcluded }));
  }
  return rules;
}
