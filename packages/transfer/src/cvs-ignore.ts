import { textToBytes } from '@deltawire/protocol';
import { readSmallFile } from './source-files.ts';

/** Words that this side adds to the names CVS ignores, as byte strings. */
export interface CvsIgnore {
  readonly cvsIgnore?: string;
  readonly homeCvsIgnore?: string;
}

/**
 * What `-C` means here besides the built-in names: the words of `$CVSIGNORE` and of
 * `$HOME/.cvsignore` (docs/spec/data.md §12.4). A daemon leaves the file out: set `env.HOME` to
 * undefined for it.
 */
export function readCvsIgnore(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CvsIgnore {
  const { CVSIGNORE, HOME } = env;
  const home = HOME ? readSmallFile(`${textToBytes(HOME)}/.cvsignore`) : undefined;
  return {
    ...(CVSIGNORE === undefined ? {} : { cvsIgnore: textToBytes(CVSIGNORE) }),
    ...(home === undefined ? {} : { homeCvsIgnore: Buffer.from(home).toString('latin1') }),
  };
}
