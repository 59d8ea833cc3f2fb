/** A way to compress the literal data of a transfer. */
export type CompressorName = 'zstd' | 'lz4' | 'zlibx' | 'zlib';

/** Every compressor in rsync's order of preference (docs/spec/session.md §5.3). */
export const COMPRESSOR_NAMES: readonly CompressorName[] = ['zstd', 'lz4', 'zlibx', 'zlib'];

/** The compressor of that name, in any case; undefined when there is none (or `none` is meant). */
export function parseCompressorName(text: string): CompressorName | undefined {
  const name = text.toLowerCase();
  return COMPRESSOR_NAMES.find((known) => known === name);
}

/** Levels of one compressor. `off` is the level that turns compression off. */
interface Levels {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** Levels that stand for the default one. */
  readonly unset: number | undefined;
  readonly off: number | undefined;
}

const deflateLevels: Levels = { min: 1, max: 9, default: 6, unset: -1, off: 0 };

const LEVELS: Readonly<Record<CompressorName, Levels>> = {
  zstd: { min: -131_072, max: 22, default: 3, unset: 0, off: undefined },
  lz4: { min: 0, max: 0, default: 0, unset: undefined, off: undefined },
  zlibx: deflateLevels,
  zlib: deflateLevels,
};

/**
 * The level that a request for `level` (any integer, or undefined for the default) means, or
 * undefined where it turns compression off: 0 with zlib and zlibx (docs/spec/data.md §7.4-7.6).
 */
export function compressionLevel(
  name: CompressorName,
  level: number | undefined,
): number | undefined {
  const levels = LEVELS[name];
  if (level === undefined || level === levels.unset) return levels.default;
  if (level === levels.off) return undefined;
  return Math.min(Math.max(level, levels.min), levels.max);
}
