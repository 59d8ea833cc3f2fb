/** Compressors by the names the two sides exchange, in rsync's order of preference. */
export const COMPRESSORS: readonly string[] = ['zstd', 'lz4', 'zlibx', 'zlib', 'none'];

/** Checksums, in the same way. */
export const CHECKSUMS: readonly string[] = [
  'xxh128',
  'xxh3',
  'xxh64',
  'md5',
  'md4',
  'sha1',
  'none',
];

/**
 * The names of an environment list such as RSYNC_COMPRESS_LIST that are known, each once and as
 * written; undefined when the variable leaves the choice to the program. Text before `&` is for
 * clients, after it for servers (docs/spec/session.md §3.8).
 */
export function environmentNames(
  text: string | undefined,
  isServer: boolean,
  known: readonly string[],
): string[] | undefined {
  const parts = (text ?? '').split('&');
  const own = (isServer ? (parts[1] ?? parts[0]) : parts[0]) ?? '';
  const words = own.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  const names = new Map<string, string>();
  for (const word of words) {
    const name = word.toLowerCase();
    if (known.includes(name) && !names.has(name)) names.set(name, word);
  }
  return [...names.values()];
}
