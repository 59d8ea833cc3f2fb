import { type ChecksumName, parseChecksumName } from './algorithms.ts';

/**
 * The first name of `ours` that is also in `theirs`; names neither side could mean are skipped.
 * Whose list counts as `ours` is the protocol's decision: the client's (docs/spec/session.md §5.3).
 */
export function negotiateChecksum(
  ours: readonly string[],
  theirs: readonly string[],
): ChecksumName | undefined {
  const known = new Set(theirs.map(parseChecksumName));
  for (const text of ours) {
    const name = parseChecksumName(text);
    if (name !== undefined && known.has(name)) return name;
  }
  return undefined;
}
