import { createFilter, type FilterRule, type FilterScope } from '@deltawire/filters';
import type { Session } from '../session.ts';
import { readMergeFile, ruleRoot } from '../source-files.ts';

/** Rules for what lies below one transfer root. */
export function senderScope(
  session: Session,
  rules: readonly FilterRule[],
  prefix: string,
): FilterScope {
  const root = prefix === '' ? '.' : prefix;
  return createFilter(rules, {
    side: 'sender',
    deleteExcluded: session.options.deleteExcluded,
    rootPath: ruleRoot(session, root),
    readMergeFile: (path) => readMergeFile(session, root, path),
  });
}
