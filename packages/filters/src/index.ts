/**
 * rsync's include, exclude and merge rules: parse them, send them, match names with them.
 *
 * @packageDocumentation
 */

export {
  createDaemonFilter,
  type DaemonFilter,
  type DaemonFilterParameters,
} from './daemon-filter.ts';
export { FilterError, type FilterErrorCode } from './filter-error.ts';
export { createFilter, type FilterOptions, type FilterScope } from './filter-set.ts';
export { ruleTexts, type WireRuleOptions, wireRules } from './format.ts';
export {
  type FilterDirective,
  type ParseOptions,
  parseDirectives,
  parseWireRule,
  type ReadFile,
} from './parse.ts';
export type { FilterRule, MergeFileStyle } from './rule.ts';
export { wildmatch } from './wildmatch.ts';
export { createXattrFilter, type XattrFilter } from './xattr-filter.ts';
