import { OptionError } from './option-error.ts';
import type { Draft } from './option-row.ts';
import type { RsyncOptions } from './options.ts';

/** Where `--delay-updates` keeps finished files, unless `--partial-dir` says it. */
const DELAYED_DIRECTORY = '.~tmp~';

/**
 * How files are updated: `--append`, `--inplace`, `--partial`, `--partial-dir` and `--delay-updates`, of
 * which some imply and some exclude each other.
 */
export function applyUpdating({ options: o, env, isServer }: Draft): void {
  if (o.writeDevices) o.inplace = true;
  if (o.append > 0) {
    if (o.wholeFile === true) throw conflict('--append', '--whole-file');
    o.inplace = true;
  }
  o.partialDirRequested = o.partialDir !== undefined;
  if (o.delayUpdates) o.partialDir ??= DELAYED_DIRECTORY;
  if (o.inplace) {
    if (o.partialDir !== undefined) {
      const option = o.append > 0 ? '--append' : '--inplace';
      throw conflict(option, o.delayUpdates ? '--delay-updates' : '--partial-dir');
    }
    o.partial = true;
    return;
  }
  if (o.partial && o.partialDir === undefined && !isServer && env.RSYNC_PARTIAL_DIR) {
    o.partialDir = env.RSYNC_PARTIAL_DIR;
    o.partialDirRequested = true;
  }
  if (o.partialDir !== undefined) usePartialDirectory(o, o.partialDir);
}

/** The destination's own directory is what `--partial` uses anyway. */
function usePartialDirectory(options: RsyncOptions, given: string): void {
  const directory = cleanPath(given);
  options.partial = true;
  if (directory === '' || directory === '.') {
    delete options.partialDir;
    options.delayUpdates = false;
  } else {
    options.partialDir = directory;
  }
}

/** Without doubled slashes, `.` in front and in between, `..` behind a name, and a slash at the end. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  const absolute = path.startsWith('/');
  const given = path.split('/');
  given.forEach((part, i) => {
    if (part === '' || (part === '.' && (i < given.length - 1 || parts.length === 0))) return;
    const above = parts.at(-1);
    if (part === '..' && above !== undefined && above !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  });
  return `${absolute ? '/' : ''}${parts.join('/')}`;
}

const conflict = (option: string, other: string): OptionError =>
  new OptionError(`rsync: ${option} cannot be used with ${other}`, 'CONFLICT');
