import { OptionError } from './option-error.ts';

/**
 * One item of `--chmod`: an optional `D` (directories) or `F` (files), then an octal mode or a
 * symbolic change such as `ug=rwX`. Copying (`u=g`) takes exactly one letter.
 */
const ITEM = /^(?:D*|F*)(?:0*[0-7]{1,4}|[ugoa]*[-+=](?:[rwxXst]*|[ugo]))$/;

/** Throw rsync's message unless `text` is a list of mode changes. Docs: docs/spec/data.md §9.6. */
export function checkChmod(text: string): void {
  if (!text.split(',').every((item) => ITEM.test(item))) {
    throw new OptionError(`rsync: Invalid argument passed to --chmod (${text})`, 'INVALID_VALUE');
  }
}
