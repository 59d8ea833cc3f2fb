import { OPTION_TABLE } from '@deltawire/options';
import { textToBytes } from '@deltawire/protocol';

/** A switch: true turns it on, false off (also what `archive` turned on). */
type Switches =
  | 'archive'
  | 'recursive'
  | 'dirs'
  | 'relative'
  | 'impliedDirs'
  | 'links'
  | 'copyLinks'
  | 'copyDirlinks'
  | 'keepDirlinks'
  | 'copyUnsafeLinks'
  | 'safeLinks'
  | 'mungeLinks'
  | 'hardLinks'
  | 'perms'
  | 'executability'
  | 'times'
  | 'atimes'
  | 'crtimes'
  | 'omitDirTimes'
  | 'omitLinkTimes'
  | 'owner'
  | 'group'
  | 'devices'
  | 'specials'
  | 'numericIds'
  | 'oneFileSystem'
  | 'checksum'
  | 'compress'
  | 'update'
  | 'ignoreTimes'
  | 'sizeOnly'
  | 'existing'
  | 'ignoreExisting'
  | 'pruneEmptyDirs'
  | 'dryRun'
  | 'listOnly'
  | 'wholeFile'
  | 'inplace'
  | 'partial'
  | 'mkpath'
  | 'openNoatime'
  | 'delete'
  | 'deleteExcluded'
  | 'force'
  | 'ignoreErrors'
  | 'incRecursive'
  | 'cvsExclude'
  | 'trustSender'
  | 'secludedArgs'
  | 'from0'
  | 'motd'
  | 'stats'
  | 'itemizeChanges';

/** An option with a value, in rsync's own units. Text. */
type Values =
  | 'chmod'
  | 'chown'
  | 'usermap'
  | 'groupmap'
  | 'checksumChoice'
  | 'compressChoice'
  | 'tempDir'
  | 'rsh'
  | 'rsyncPath'
  | 'address'
  | 'passwordFile'
  | 'earlyInput'
  | 'filesFrom'
  | 'info';

/** An option with a number; sizes take rsync's suffixes as text. */
type Numbers =
  | 'modifyWindow'
  | 'maxSize'
  | 'minSize'
  | 'blockSize'
  | 'bwlimit'
  | 'timeout'
  | 'contimeout'
  | 'maxDelete'
  | 'protocol'
  | 'checksumSeed'
  | 'compressLevel'
  | 'port';

/** Rules of one kind, in order; each is text. */
type Rules = 'exclude' | 'include' | 'filter' | 'excludeFrom' | 'includeFrom';

/**
 * rsync's long options in camel case, as text and numbers. They mean what they mean on the
 * command line, including what they imply.
 */
export type NamedOptions = {
  readonly [K in Switches]?: boolean | undefined;
} & { readonly [K in Values]?: string | undefined } & {
  readonly [K in Numbers]?: number | string | undefined;
} & { readonly [K in Rules]?: string | readonly string[] | undefined } & {
  /** When files that the source lacks are deleted. */
  readonly deleteMode?: 'before' | 'during' | 'delay' | 'after' | undefined;
  /** Number of `-v`. */
  readonly verbose?: number | undefined;
  /** More options as on a command line, e.g. `['-x', '--max-size=1m']`. Text. */
  readonly arguments?: readonly string[] | undefined;
};

/** Long names, negations included, that the parser knows. */
const KNOWN: ReadonlySet<string> = new Set(
  OPTION_TABLE.flatMap(({ name, aliases, negations }) => [name, ...aliases, ...negations]),
);

const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * The command line (byte strings) that named options stand for. Throws `TypeError` for a name that
 * rsync does not have.
 */
export function optionArguments(options: NamedOptions): string[] {
  const { archive, deleteMode, verbose, arguments: more, ...named } = options;
  const argv: string[] = [];
  if (archive) argv.push('--archive');
  if (deleteMode !== undefined) argv.push(`--delete-${deleteMode}`);
  for (let i = 0; i < (verbose ?? 0); i++) argv.push('--verbose');
  for (const [key, value] of Object.entries(named)) {
    if (value !== undefined) argv.push(...argumentsOf(key, value));
  }
  return [...argv, ...(more ?? [])].map(textToBytes);
}

function argumentsOf(key: string, value: boolean | number | string | readonly string[]): string[] {
  const name = kebab(key);
  if (!KNOWN.has(name)) throw new TypeError(`unknown option "${key}"`);
  if (value === true) return [`--${name}`];
  // Off is what most options are anyway, and those have no negative form.
  if (value === false) return KNOWN.has(`no-${name}`) ? [`--no-${name}`] : [];
  if (typeof value === 'object') return value.map((item) => `--${name}=${item}`);
  return [`--${name}=${value}`];
}
