/** A checksum that a transfer may use for its blocks and files (docs/spec/data.md §5.1). */
export type ChecksumName = 'xxh128' | 'xxh3' | 'xxh64' | 'md5' | 'md4' | 'sha1' | 'none';

/** Any hash of this package: transfer checksums, and what daemon passwords need. */
export type HashName = ChecksumName | 'sha256' | 'sha512';

/** Transfer checksums in the order in which rsync prefers and offers them. */
export const CHECKSUM_NAMES: readonly ChecksumName[] = [
  'xxh128',
  'xxh3',
  'xxh64',
  'md5',
  'md4',
  'sha1',
  'none',
];

const DIGEST_LENGTHS: Record<HashName, number> = {
  xxh128: 16,
  xxh3: 8,
  xxh64: 8,
  md5: 16,
  md4: 16,
  sha1: 20,
  none: 1,
  sha256: 32,
  sha512: 64,
};

/** Bytes of a digest on the wire; `none` has one, always zero. */
export function digestLength(name: HashName): number {
  return DIGEST_LENGTHS[name];
}

/** The checksum that `text` names, in any case, `xxhash` meaning `xxh64`; undefined if none does. */
export function parseChecksumName(text: string): ChecksumName | undefined {
  const name = text.toLowerCase();
  if (name === 'xxhash') return 'xxh64';
  return CHECKSUM_NAMES.find((known) => known === name);
}
