import type { FileStat } from '@deltawire/filesystem';
import type { FilterRule } from '@deltawire/filters';

/** What the two ends of a copy within this process know of each other besides what they send. */
export interface LocalLink {
  /** The client's rules: they are not sent. */
  readonly rules: readonly FilterRule[];
  /** What is in place at the destination, by index: a source that is the same file must stay. */
  readonly placed: Map<number, FileStat>;
}

/** The link of one copy. */
export const createLocalLink = (rules: readonly FilterRule[]): LocalLink => ({
  rules,
  placed: new Map(),
});
