import { OptionError } from './option-error.ts';

const UNITS = 'BKMGTP';
/** File lengths on the wire are signed 64-bit; parsed as doubles, so the bound is approximate. */
const TOO_LARGE = 2 ** 63;

/** The text is not a size, or the size is negative or does not fit. */
export type SizeProblem = 'invalid' | 'too large';

/**
 * Parse a size as rsync's options take it: a decimal number, an optional unit `b k m g t p` (any
 * case; followed by nothing or `iB` for powers of 1024, by `B` for powers of 1000) and an optional
 * `+1` or `-1`. The fraction is applied before rounding down: `1.5k` is 1536 bytes.
 *
 * @param defaultUnit unit of a number without one (`B`, or `K` for `--bwlimit`)
 */
export function parseSize(text: string, defaultUnit: 'B' | 'K' = 'B'): number | SizeProblem {
  const match = /^(-?[0-9]*)(\.[0-9]*)?(?:([bkmgtp])(b|ib)?)?([+-]1)?$/i.exec(text);
  if (match === null || match[1] === '-') return 'invalid';
  const [, whole = '', fraction = '', unit = defaultUnit, system = 'ib', one = ''] = match;
  const base = system.toLowerCase() === 'b' ? 1000 : 1024;
  const number = Number(`${whole === '' ? '0' : whole}${fraction === '.' ? '' : fraction}`);
  const size = Math.trunc(number * base ** UNITS.indexOf(unit.toUpperCase())) + Number(one);
  return size < 0 || size >= TOO_LARGE ? 'too large' : size;
}

/** Format a byte count in digits; exact also where doubles would print rounded. */
export function formatSize(bytes: number): string {
  return BigInt(bytes).toString();
}

/** How rsync names a limit in an error message: units of 1024, two decimals. */
function humanLimit(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? String(bytes) : `${value.toFixed(2)}${UNITS[unit]}`;
}

/** Limits of a size option; see {@link parseSizeOption}. */
export interface SizeLimits {
  readonly defaultUnit?: 'B' | 'K';
  readonly min?: number;
  readonly max?: number;
  /** 0 is allowed although it is below `min`, and means no limit. */
  readonly zeroIsUnlimited?: boolean;
}

/** Parse the value of `option` (such as `--max-size`) in bytes, or throw rsync's message. */
export function parseSizeOption(option: string, text: string, limits: SizeLimits = {}): number {
  const fail = (problem: string): never => {
    throw new OptionError(`rsync: ${option}=${text} is ${problem}`, 'INVALID_VALUE');
  };
  const size = parseSize(text, limits.defaultUnit);
  const max = limits.max === undefined ? '' : ` (max: ${humanLimit(limits.max)})`;
  if (size === 'invalid') return fail('invalid');
  if (size === 'too large' || (limits.max !== undefined && size > limits.max)) {
    return fail(`too large${max}`);
  }
  if (limits.min !== undefined && size < limits.min && !(size === 0 && limits.zeroIsUnlimited)) {
    const orZero = limits.zeroIsUnlimited ? ' or 0 for unlimited' : '';
    return fail(`too small (min: ${humanLimit(limits.min)}${orZero})`);
  }
  return size;
}

/**
 * The value of `--bwlimit` in KiB per second, rounded to the nearest; 0 is no limit. A number
 * without a unit is in KiB.
 */
export function parseBandwidth(text: string): number {
  const limits = { defaultUnit: 'K', min: 512, zeroIsUnlimited: true } as const;
  return Math.floor((parseSizeOption('--bwlimit', text, limits) + 512) / 1024);
}
