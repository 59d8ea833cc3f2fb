/** What decides which checksum a session sums files with, as far as this side knows. */
export interface DigestOptions {
  /** The newest protocol this side offers. */
  readonly protocol: number;
  readonly checksumChoice?: { readonly transfer: string } | undefined;
  /** The names that are offered, where not all are. */
  readonly checksumList?: readonly string[] | undefined;
}

/** Bytes of a digest; the ones that are not listed have 16. */
const LENGTHS: Readonly<Record<string, number>> = { xxh64: 8, xxh3: 8, sha1: 20, none: 1 };

/** How digests are shown: `%C` and JSON. */
export interface DigestFormat {
  /** Bytes of a digest. */
  readonly length: number;
  /** The xxHash family travels low byte first, and is written as a number. */
  readonly reversed: boolean;
}

/** The form of a checksum's digests. Source: docs/spec/data.md §5.2. */
export function digestFormat(name: string): DigestFormat {
  return { length: LENGTHS[name] ?? 16, reversed: name.startsWith('xxh') };
}

/**
 * The form of this run's digests as far as it is known before the first one: the chosen checksum's,
 * or the one that two of today's peers agree on.
 */
export function expectedDigest(options: DigestOptions): DigestFormat {
  const chosen = options.checksumChoice?.transfer;
  const preferred = options.checksumList?.[0]?.toLowerCase();
  const name =
    chosen !== undefined && chosen !== 'auto'
      ? chosen
      : options.protocol < 30
        ? 'md4'
        : preferred || 'xxh128';
  return digestFormat(name);
}

/** A digest in hex, as rsync writes it. */
export function digestHex(digest: Uint8Array, format: DigestFormat): string {
  const bytes = format.reversed ? digest.toReversed() : digest;
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
