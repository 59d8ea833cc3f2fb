import type { FilterOptions } from './filter-set.ts';
import { CompiledRule } from './pattern.ts';
import { type FilterRule, ruleSide } from './rule.ts';

/** Whether an extended attribute of this name is copied, compared and removed. */
export type XattrFilter = (name: string) => boolean;

/**
 * What the rules with the `x` modifier say about names of extended attributes
 * (`docs/spec/data.md` §10.2); undefined when there is no such rule, on either side: only then do
 * namespaces decide. Rules of per-directory files do not count.
 */
export function createXattrFilter(
  rules: readonly FilterRule[],
  { side, deleteExcluded }: Pick<FilterOptions, 'side' | 'deleteExcluded'>,
): XattrFilter | undefined {
  let exists = false;
  let kept: CompiledRule[] = [];
  for (const rule of rules) {
    if (rule.action === 'clear') kept = [];
    if (!rule.xattr || rule.action === 'clear' || rule.action === 'merge') continue;
    exists = true;
    const concerned = ruleSide(rule, deleteExcluded);
    if (concerned === 'both' || concerned === side) kept.push(new CompiledRule(rule, ''));
  }
  if (!exists) return undefined;
  return (name) => {
    const base = name.lastIndexOf('/') + 1;
    return kept.find((rule) => rule.applies(name, base, false))?.action !== 'exclude';
  };
}
