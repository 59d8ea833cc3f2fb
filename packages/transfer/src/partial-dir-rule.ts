import { type FilterRule, parseDirectives } from '@deltawire/filters';
import type { TransferOptions } from './options.ts';

/** First protocol in which a pushing client can mark a rule as perishable. */
const FIRST_WITH_PERISHABLE = 30;

/**
 * A client's rules with one that keeps the partial directories out of the lists and safe from deletion,
 * in front of those of `-C` (docs/spec/session.md §7.4).
 */
export function withPartialDirRule(
  rules: readonly FilterRule[],
  { partialDir }: TransferOptions,
  protocol: number,
  receives: boolean,
): readonly FilterRule[] {
  if (partialDir === undefined || partialDir.startsWith('/')) return rules;
  const perishable = receives || protocol >= FIRST_WITH_PERISHABLE ? 'p' : '';
  const text = `-${perishable} ${partialDir}/`;
  const own = parseDirectives([{ kind: 'filter', text }], {
    readFile: () => undefined,
    protocol,
  });
  const cvs = rules.findIndex((rule) => rule.fromCvsOption);
  const at = cvs < 0 ? rules.length : cvs;
  return [...rules.slice(0, at), ...own, ...rules.slice(at)];
}
