/**
 * How numbers are written: 0 plain digits (`--no-h`), 1 with thousands separators (default),
 * 2 in units of 1000 (`-h`), 3 in units of 1024 (`-hh`). Source: docs/spec/data.md §13.6.
 */
export type HumanLevel = 0 | 1 | 2 | 3;

/** Bring any count of `-h` into the four levels there are. */
export function humanLevel(count: number): HumanLevel {
  return Math.max(0, Math.min(3, Math.trunc(count))) as HumanLevel;
}

const UNITS = 'KMGTP';

/** `6003274.5` → `6,003,274.50` with two decimals; the separator is the C locale's comma. */
function separated(digits: string): string {
  const point = digits.indexOf('.');
  let end = point < 0 ? digits.length : point;
  let text = digits.slice(end);
  const start = digits.startsWith('-') ? 1 : 0;
  while (end - start > 3) {
    text = `,${digits.slice(end - 3, end)}${text}`;
    end -= 3;
  }
  return digits.slice(0, end) + text;
}

function inUnits(value: number, level: HumanLevel): string | undefined {
  if (level < 2) return undefined;
  const factor = level === 2 ? 1000 : 1024;
  if (Math.abs(value) < factor) return undefined;
  let scaled = value / factor;
  let unit = 0;
  while (Math.abs(scaled) >= factor && unit < UNITS.length - 1) {
    scaled /= factor;
    unit++;
  }
  return scaled.toFixed(2) + UNITS[unit];
}

/** A whole number, such as a count of bytes. */
export function formatCount(value: number, level: HumanLevel): string {
  if (level === 0) return value.toFixed(0);
  return inUnits(value, level) ?? separated(value.toFixed(0));
}

/** A number with two decimals, such as bytes per second or the speedup. */
export function formatDecimal(value: number, level: HumanLevel): string {
  if (level === 0) return value.toFixed(2);
  return inUnits(value, level) ?? separated(value.toFixed(2));
}
