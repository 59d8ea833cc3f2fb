/** Numbers by which the host names an algorithm; `src/kernel.ts` has the same list. */
export const XXH128: u32 = 0;
export const XXH3: u32 = 1;
export const XXH64: u32 = 2;
export const MD5: u32 = 3;
export const MD4: u32 = 4;
export const SHA1: u32 = 5;
export const SHA256: u32 = 6;
export const SHA512: u32 = 7;

/** Where the session's seed goes (docs/spec/data.md §5.3). */
export const SEED_NONE: u32 = 0;
/** Four little-endian bytes before the data. */
export const SEED_BEFORE: u32 = 1;
/** Four little-endian bytes after the data. */
export const SEED_AFTER: u32 = 2;
/** The hash's own 64-bit seed parameter. */
export const SEED_PARAMETER: u32 = 3;
