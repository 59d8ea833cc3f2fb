import type { RsyncOptions } from './options.ts';

/** What not every platform can do. Asked only when an option needs it, because finding out takes time. */
export interface PlatformSupport {
  /** Extended attributes can be read and set. */
  xattrs(): boolean;
  /** Access-control lists can be. */
  acls(): boolean;
  /** Space for files can be set aside. */
  preallocation(): boolean;
}

/** What the parser collects while it walks the command line, before rules are applied. */
export interface Draft {
  readonly options: RsyncOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch, for `--stop-at` and `--stop-after`. */
  readonly now: number;
  /** The platform can set creation times. */
  readonly hasCrtimes: boolean;
  readonly platform: PlatformSupport;
  isServer: boolean;
  /** Where recursion came from: `--files-from` cancels only what `-a` implied. */
  recursion: 'no' | 'archive' | 'explicit';
  /** The last of `--no-dirs`, `--dirs` and `--old-dirs`, which does without a `-d` of the server. */
  dirs: 'no' | 'yes' | 'old' | undefined;
  relative: boolean | undefined;
  deleteRequested: boolean;
  readonly deleteWhen: Set<'before' | 'during' | 'delay' | 'after'>;
  /** Number of `-F`. */
  perDirFilters: number;
  /** The option that set each map, because `--chown` and the map options exclude each other. */
  userMapFrom?: '--chown' | '--usermap';
  groupMapFrom?: '--chown' | '--groupmap';
  checksumChoice: string | undefined;
  /** `--suffix` as given. */
  suffix: string | undefined;
  /** Number of `-z` since the last `--no-z`. */
  compressCount: number;
  compressChoice: string | undefined;
  oldArgs: number | undefined;
  secludedArgs: boolean | undefined;
  /** Which words of the command line are no options. */
  readonly operands: number[];
  helpRequested: boolean;
  /** Number of `-V`. */
  versions: number;
  /** Refused options that were given and not taken back. */
  readonly refused: Set<OptionRow>;
}

/** Changes a draft for one occurrence of an option; `value` is empty when it takes none. */
export type Apply = (draft: Draft, value: string) => void;

/**
 * How far an option is done. `refused` options are recognised with their argument and refused by
 * name; `own` ones belong to Deltawire and are never sent to a peer.
 */
export type OptionStatus = 'implemented' | 'refused' | 'own';

/** One option of the table: every spelling, and what each does. */
export interface OptionRow {
  /** Long name without dashes; empty for an option that has only a letter. */
  readonly name: string;
  /** Single letter, or empty. */
  readonly short: string;
  /** Other long names. */
  readonly aliases: readonly string[];
  /** Placeholder of the argument in the help text; undefined for an option that takes none. */
  readonly argument: string | undefined;
  /** The argument is a C `int` that is checked before the option is applied. */
  readonly integer: boolean;
  /** Long names that undo the option, such as `no-recursive` and `no-r`. */
  readonly negations: readonly string[];
  readonly status: OptionStatus;
  /** Left and right column of each line of the help text. */
  readonly help: readonly (readonly [string, string])[];
  readonly apply: Apply;
  /** Undefined where nothing needs undoing, because the option itself is refused. */
  readonly negate: Apply | undefined;
}

type FlagField = {
  [K in keyof RsyncOptions]-?: boolean extends RsyncOptions[K] ? K : never;
}[keyof RsyncOptions];

/** Turns one boolean option on (or off). */
export const set =
  (field: FlagField, value = true): Apply =>
  ({ options }) => {
    (options as Record<FlagField, boolean | undefined>)[field] = value;
  };

/** Details of an option beyond its help line. */
export interface RowExtras {
  readonly aliases?: readonly string[];
  readonly negations?: readonly string[];
  readonly integer?: boolean;
  readonly negate?: Apply;
  /** More help lines below the first. */
  readonly help?: readonly (readonly [string, string])[];
  /** The spelling itself is not shown in the help text. */
  readonly hidden?: boolean;
}

/**
 * Build a row from the left column of its help line, which has every visible spelling:
 * `--max-size=SIZE`, `--verbose, -v`, `-P`, `--whole-file`.
 */
function row(
  spelling: string,
  text: string,
  status: OptionStatus,
  apply: Apply,
  x: RowExtras,
): OptionRow {
  const names = spelling.split(', ');
  const [first = '', argument] = names[0]!.split('=');
  const long = first.startsWith('--');
  return {
    name: long ? first.slice(2) : '',
    short: long ? (names.find((n) => !n.startsWith('--'))?.slice(1) ?? '') : first.slice(1),
    aliases: [
      ...names
        .slice(1)
        .filter((n) => n.startsWith('--'))
        .map((n) => n.slice(2)),
      ...(x.aliases ?? []),
    ],
    argument,
    integer: x.integer ?? false,
    negations: x.negations ?? [],
    status,
    help: [...(x.hidden ? [] : [[spelling, text] as const]), ...(x.help ?? [])],
    apply,
    negate: x.negate,
  };
}

/** A row whose work is done by Deltawire. */
export const implemented = (
  spelling: string,
  text: string,
  apply: Apply,
  x: RowExtras = {},
): OptionRow => row(spelling, text, 'implemented', apply, x);

/** A boolean option with its field, and its negations if it has any. */
export const flag = (
  spelling: string,
  text: string,
  field: FlagField,
  negations: readonly string[] = [],
): OptionRow =>
  row(spelling, text, 'implemented', set(field), { negations, negate: set(field, false) });

/** An option of rsync that this version refuses by name. */
export const refused = (spelling: string, text: string, x: RowExtras = {}): OptionRow =>
  row(spelling, text, 'refused', () => {}, x);

/** An option that only Deltawire has. */
export const own = (spelling: string, text: string, apply: Apply, x: RowExtras = {}): OptionRow =>
  row(spelling, text, 'own', apply, x);
