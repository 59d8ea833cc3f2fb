import { OptionError } from './option-error.ts';
import type { Apply } from './option-row.ts';
import type { RsyncOptions } from './options.ts';
import { parseSizeOption } from './sizes.ts';

type FieldOf<T> = {
  [K in keyof RsyncOptions]-?: T extends Exclude<RsyncOptions[K], undefined> ? K : never;
}[keyof RsyncOptions];

/** Count occurrences, up to `max`. */
export const count =
  (field: FieldOf<number>, max: number = Number.MAX_SAFE_INTEGER): Apply =>
  ({ options }) => {
    (options as Record<FieldOf<number>, number>)[field] = Math.min((options[field] ?? 0) + 1, max);
  };

/** Set a number that the command line does not spell. */
export const assign =
  (field: FieldOf<number>, value: number): Apply =>
  ({ options }) => {
    (options as Record<FieldOf<number>, number>)[field] = value;
  };

/** Store a value that was checked to be an integer. */
export const integer =
  (field: FieldOf<number>): Apply =>
  ({ options }, value) => {
    (options as Record<FieldOf<number>, number>)[field] = parseInteger(value);
  };

/** Store a value as it is. */
export const text =
  (field: FieldOf<string>): Apply =>
  ({ options }, value) => {
    (options as Record<FieldOf<string>, string>)[field] = value;
  };

/** Store a size in bytes. */
export const size =
  (field: FieldOf<number>, option: string): Apply =>
  ({ options }, value) => {
    (options as Record<FieldOf<number>, number>)[field] = parseSizeOption(option, value);
  };

/** Store an integer that must be at least `least` (Deltawire's own options). */
export const atLeast =
  (least: number, field: FieldOf<number>, option: string): Apply =>
  ({ options }, value) => {
    const number = parseInteger(value);
    if (number < least) {
      throw new OptionError(
        `rsync: ${option}=${value} is too small (min: ${least})`,
        'INVALID_VALUE',
      );
    }
    (options as Record<FieldOf<number>, number>)[field] = number;
  };

/** The value of text that passed the integer check: decimal, `0x` hex or `0` octal; empty is 0. */
export function parseInteger(value: string): number {
  const [, sign, digits = ''] = /^\s*([-+]?)(.*)$/s.exec(value)!;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return sign === '-' ? 0 - Number(octal) : Number(octal);
}
