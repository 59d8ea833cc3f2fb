import { COMPRESSORS } from './name-list.ts';
import { OptionError } from './option-error.ts';

/** What the command line said about compression. */
export interface CompressRequest {
  /** Number of `-z`. */
  readonly count: number;
  /** Value of the last `--compress-choice`, or the name that an option stands for. */
  readonly choice: string | undefined;
  /** `--compress-level`, any number. */
  readonly level: number | undefined;
}

/** The compressor of a command line, and how a peer is told. */
export interface CompressChoice {
  /** Canonical name, or `auto` for negotiation. */
  readonly name: string;
  /** The choice as given; undefined for negotiation. */
  readonly text: string | undefined;
}

/**
 * What `-z`, `--compress-choice` and `--compress-level` add up to: a choice counts before `-zz`,
 * which is zlibx, and any level alone asks for negotiation. Undefined for no compression.
 *
 * @throws OptionError with exit code 4 for an unknown name
 */
export function resolveCompression(request: CompressRequest): CompressChoice | undefined {
  const { choice, count, level } = request;
  const name = choice?.toLowerCase();
  if (name !== undefined && name !== 'auto') {
    if (COMPRESSORS.includes(name)) return { name, text: name === 'none' ? name : choice };
    throw new OptionError(`unknown compress name: ${choice}`, 'NOT_SUPPORTED', 4);
  }
  if (count > 1) return { name: 'zlibx', text: 'zlibx' };
  return count > 0 || level !== undefined ? { name: 'auto', text: undefined } : undefined;
}
