import { RsyncError } from '@deltawire/protocol';

/** A source argument taken apart (docs/spec/data.md §3.1, §3.14). */
export interface SourceArgument {
  /** Directory that the name is relative to: `''` or a path with a slash at its end. */
  readonly prefix: string;
  /** Cleaned name inside the transfer; `.` for the contents of `prefix`. */
  readonly name: string;
  /** The argument names what is in a directory: it ended in a slash, `.` or `..`. */
  readonly contents: boolean;
  /** With `--relative`: the name began with `./`, which adds an implied `.` entry. */
  readonly impliesRoot: boolean;
}

/**
 * The arguments of a transfer, or the names of its files-from list below the first argument, one after
 * the other. Throws RsyncError (exit 1) for a relative argument with `..`.
 */
export function* sourceArguments(options: {
  readonly args: readonly string[];
  readonly filesFrom?: Iterable<string>;
  readonly relative?: boolean;
}): Generator<SourceArgument, void, void> {
  const { args, filesFrom, relative = false } = options;
  if (filesFrom === undefined) {
    for (const argument of args) yield parseArgument(argument, '', relative);
    return;
  }
  const prefix = filesFromPrefix(args);
  for (const name of filesFrom) {
    if (name !== '') yield parseArgument(sanitizeListedName(name), prefix, relative);
  }
}

/** The directory that the names of a files-from list are below: `''` or with a slash at its end. */
export function filesFromPrefix(args: readonly string[]): string {
  const base = parsePlainArgument(args[0] ?? '.');
  return base.contents ? base.prefix : `${base.prefix}${base.name}/`;
}

function parseArgument(argument: string, base: string, relative: boolean): SourceArgument {
  if (!relative) return parsePlainArgument(base + argument);
  const parsed = parseRelativeArgument(argument, base);
  if (parsed) return parsed;
  const message = `found ".." dir in relative path: ${argument}`;
  throw new RsyncError(message, { code: 'SYNTAX', exitCode: 1 });
}

/** An argument without `--relative`: only its last component becomes a name. */
export function parsePlainArgument(argument: string): SourceArgument {
  const last = argument.slice(argument.lastIndexOf('/') + 1);
  if (last === '' || last === '.' || last === '..') {
    // `a/.` names the same directory as `a/`, and `./` the one we are in.
    const directory = last === '..' ? argument : argument.slice(0, argument.length - last.length);
    const prefix = directory === '' || directory.endsWith('/') ? directory : `${directory}/`;
    return { prefix: cleanPrefix(prefix), name: '.', contents: true, impliesRoot: false };
  }
  const prefix = cleanPrefix(argument.slice(0, argument.length - last.length));
  return { prefix, name: last, contents: false, impliesRoot: false };
}

/**
 * An argument with `--relative`: all of it becomes the name, or what follows the first `/./`. `base` is
 * the directory of a files-from list. Undefined when the active part has a `..` component.
 */
export function parseRelativeArgument(argument: string, base = ''): SourceArgument | undefined {
  const cut = argument.indexOf('/./');
  const before = cut < 0 ? '' : argument.slice(0, cut + 1);
  const active = cut < 0 ? argument : argument.slice(cut + 3);
  if (active.split('/').includes('..')) return undefined;
  const parts = active.split('/').filter((part) => part !== '' && part !== '.');
  const isAbsolute = cut < 0 && active.startsWith('/');
  const name = (isAbsolute ? '/' : '') + parts.join('/');
  return {
    prefix: cleanPrefix(base + before),
    // The root of the file system keeps its slash, as every absolute name does.
    name: name === '' || name === '/' ? `${name}.` : name,
    contents: name === '' || name === '/' || /(^|\/)\.?$/.test(active),
    impliesRoot: name !== '' && active.startsWith('./'),
  };
}

/**
 * A name of a files-from list with everything removed that could lead out of its base directory: a
 * leading slash and `..` (docs/spec/data.md §3.13). `.` components stay, they have a meaning.
 */
export function sanitizeListedName(name: string): string {
  const kept: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') {
      while (kept.length > 0 && kept.pop() === '.');
      // `a/b/..` names what is in `a`, as `a/` does.
    } else if (part !== '') {
      kept.push(part);
    }
  }
  const isContents = name.endsWith('/') || name.endsWith('/..') || name === '..';
  if (kept.length === 0) return '.';
  return kept.join('/') + (isContents ? '/' : '');
}

/** No doubled slashes, no leading `./`. */
function cleanPrefix(prefix: string): string {
  const clean = prefix.replace(/\/{2,}/g, '/').replace(/^(\.\/)+/, '');
  return clean.replace(/(\/\.)+\/$/, '/');
}
