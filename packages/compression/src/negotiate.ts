import { COMPRESSOR_NAMES, type CompressorName, parseCompressorName } from './algorithms.ts';

/**
 * Names to offer in the handshake: all of them, with `none` where a server offers
 * (docs/spec/session.md §5.3).
 */
export function offeredCompressors(server: boolean): string[] {
  return server ? [...COMPRESSOR_NAMES, 'none'] : [...COMPRESSOR_NAMES];
}

/**
 * The first of `ours` that is among `theirs`, in any case; undefined when there is none. A server
 * passes the client's list as `ours`: the client's order counts.
 */
export function negotiateCompressor(
  ours: readonly string[],
  theirs: readonly string[],
): CompressorName | 'none' | undefined {
  const known = new Set(theirs.map((name) => name.toLowerCase()));
  for (const text of ours) {
    const name = text.toLowerCase();
    if (!known.has(name)) continue;
    if (name === 'none') return name;
    const compressor = parseCompressorName(name);
    if (compressor !== undefined) return compressor;
  }
  return undefined;
}
