/** What decides the permissions of a file at the destination without `--perms`. */
export interface DestinationModeQuestion {
  /** Mode in the file list. */
  readonly sourceMode: number;
  /** Mode of what the destination has; undefined when it is new. */
  readonly existingMode?: number | undefined;
  readonly isDirectory: boolean;
  /** `--executability`. */
  readonly executability: boolean;
  readonly umask: number;
}

const ALL_X = 0o111;

/**
 * The mode to give a destination item without `--perms`: an existing one keeps its bits, apart from
 * `--executability`; a new one gets the source's bits without set-id and the umask's. The type bits are
 * the source's. Source: docs/spec/data.md §9.6.
 */
export function destinationMode(question: DestinationModeQuestion): number {
  const { sourceMode, existingMode, isDirectory, executability, umask } = question;
  const type = sourceMode & ~0o7777;
  if (existingMode === undefined) return type | (sourceMode & 0o777 & ~umask);
  const mode = existingMode & 0o7777;
  if (!executability || isDirectory) return type | mode;
  if ((sourceMode & ALL_X) === 0) return type | (mode & ~ALL_X);
  if ((mode & ALL_X) !== 0) return type | mode;
  // Whoever may read it may execute it.
  return type | mode | ((mode & 0o444) >> 2);
}
