import { OptionError } from './option-error.ts';
import type { ChecksumChoice } from './options.ts';

const NAMES = ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1', 'none'];

/** Canonical name of a checksum, `auto`, or rsync's message with exit code 4. */
function canonicalName(text: string): string {
  const name = text.toLowerCase();
  if (name === 'auto' || NAMES.includes(name)) return name;
  if (name === 'xxhash') return 'xxh64';
  throw new OptionError(`unknown checksum name: ${text}`, 'NOT_SUPPORTED', 4);
}

/**
 * Parse `--checksum-choice=NAME` or `TRANSFER,FILE` (names in any case). Undefined for a plain
 * `auto`: then the two sides negotiate.
 */
export function parseChecksumChoice(text: string): ChecksumChoice | undefined {
  const comma = text.indexOf(',');
  if (comma <= 0) {
    const name = canonicalName(text);
    return name === 'auto' ? undefined : { transfer: name, file: name, text };
  }
  const transfer = canonicalName(text.slice(0, comma));
  const file = canonicalName(text.slice(comma + 1));
  return { transfer, file, text };
}
