import { type FilterRule, parseDirectives, parseWireRule, wireRules } from '@deltawire/filters';
import { readFilterText, writeFilterListEnd, writeFilterText } from '@deltawire/protocol';
import { type CvsIgnore, readCvsIgnore } from './cvs-ignore.ts';
import { deletes, type TransferOptions } from './options.ts';
import type { Session } from './session.ts';
import { readSmallFile } from './source-files.ts';

/** Whether the receiving side of a push needs the client's rules (docs/spec/session.md §7.1). */
function receiverWantsRules(options: TransferOptions, protocol: number): boolean {
  if (options.pruneEmptyDirs) return true;
  return deletes(options) && !(options.deleteExcluded && protocol < 29);
}

/** The client's part: send the rules that concern the server. */
export function sendRules(session: Session, rules: readonly FilterRule[]): void {
  const { options, agreement, wire, receives } = session;
  const texts = checkRules(session, rules);
  if (!receives && !receiverWantsRules(options, agreement.dialect.protocol)) return;
  for (const text of texts) writeFilterText(wire.out, text);
  writeFilterListEnd(wire.out);
  wire.send();
}

/**
 * The rules as texts for the server. Throws for one that its protocol cannot express, which rsync
 * does not use then even where the server does not get it.
 */
export function checkRules(session: Session, rules: readonly FilterRule[]): string[] {
  const { options, agreement, receives } = session;
  return wireRules(rules, {
    protocol: agreement.dialect.protocol,
    amSender: !receives,
    deleteExcluded: options.deleteExcluded,
    cvsExclude: options.cvsExclude,
  });
}

/**
 * The server's part: what the client sent, or nothing when it sends none, and behind it the CVS
 * rules, which a sending server adds itself (docs/spec/session.md §7.4).
 */
export async function receiveRules(session: Session, daemon: boolean): Promise<FilterRule[]> {
  const { options, agreement, wire, receives } = session;
  const { protocol } = agreement.dialect;
  const rules: FilterRule[] = [];
  if (receives && !receiverWantsRules(options, protocol)) return rules;
  const ignore = lazily(() =>
    readCvsIgnore(daemon ? { ...process.env, HOME: undefined } : process.env),
  );
  const { deleteExcluded } = options;
  for (;;) {
    const text = await wire.read(readFilterText);
    if (text === '') break;
    rules.push(...parseWireRule(text, protocol, { deleteExcluded, ...ignore() }));
  }
  if (!receives && options.cvsExclude) {
    const o = { readFile: readSmallFile, protocol, deleteExcluded, ...ignore() };
    rules.push(...parseDirectives([{ kind: 'cvs' }], o));
  }
  return rules;
}

/** Most transfers have no rules, and need not look for the files that some rules mean. */
function lazily(read: () => CvsIgnore): () => CvsIgnore {
  let value: CvsIgnore | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
