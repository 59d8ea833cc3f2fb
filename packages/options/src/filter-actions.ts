import type { Apply } from './option-row.ts';
import type { FilterDirective } from './options.ts';

const addFilter =
  (make: (value: string) => FilterDirective): Apply =>
  ({ options }, value) => {
    options.filters.push(make(value));
  };

export const filterRule: Apply = addFilter((rule) => ({ kind: 'filter', text: rule }));
export const excludePattern: Apply = addFilter((pattern) => ({ kind: 'exclude', pattern }));
export const includePattern: Apply = addFilter((pattern) => ({ kind: 'include', pattern }));
export const excludeFrom: Apply = addFilter((path) => ({ kind: 'exclude-from', path }));
export const includeFrom: Apply = addFilter((path) => ({ kind: 'include-from', path }));

/** The first `-F` reads `.rsync-filter` files, the second hides them; more change nothing. */
export const perDirectoryFilter: Apply = (draft) => {
  draft.perDirFilters++;
  if (draft.perDirFilters === 1) draft.options.filters.push({ kind: 'per-dir' });
  if (draft.perDirFilters === 2) draft.options.filters.push({ kind: 'per-dir-hide' });
};
