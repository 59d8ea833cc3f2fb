import { createFilter, type FilterRule, wildmatch } from '@deltawire/filters';
import { ExitCode, type FileEntry, ProtocolError } from '@deltawire/protocol';
import type { TransferOptions } from './options.ts';
import { isDirectory, parentOf } from './receiver/kinds.ts';

/** What a pulling client asked for. */
export interface Request {
  readonly options: TransferOptions;
  /** The remote arguments, without host and module. */
  readonly arguments: readonly string[];
  /** Names of a local `--files-from` list. */
  readonly listed: readonly string[] | undefined;
  /** The remote shell may expand arguments in ways that cannot be followed. */
  readonly loose: boolean;
  readonly filters: readonly FilterRule[];
}

/**
 * The checks of a pulling client on names a server sends (docs/spec/data.md §12.8): only what was
 * asked for, and nothing that this side's own rules exclude.
 */
export function createNameCheck(request: Request): (entry: FileEntry) => void {
  const { options, filters } = request;
  if (options.trustSender) return () => {};
  const asked = request.loose ? undefined : askedFor(request);
  const rules = createFilter(filters, {
    side: 'sender',
    deleteExcluded: options.deleteExcluded,
    rootPath: '/',
    readMergeFile: () => undefined,
  });
  const checksRules = !rules.empty && !rules.hasMergeRules;
  return (entry) => {
    const { name } = entry;
    if (asked !== undefined && !asked(name)) {
      throw rejected(`ERROR: rejecting unrequested file-list name: ${name}`);
    }
    const implied = entry.topDir && entry.noContent;
    if (!checksRules || name === '.' || implied) return;
    if (rules.decide(name, isDirectory(entry.mode)) === 'exclude') {
      throw rejected(`ERROR: rejecting excluded file-list name: ${name}`);
    }
  };
}

function rejected(message: string): ProtocolError {
  return new ProtocolError(message, { exitCode: ExitCode.UNSUPPORTED });
}

/** Tells whether a name is explained by the arguments; undefined when everything is. */
function askedFor(request: Request): ((name: string) => boolean) | undefined {
  const { options } = request;
  if (request.listed !== undefined) return listedNames(request.listed, options.relative);
  const literal = new Set<string>();
  const patterns: string[] = [];
  for (const argument of request.arguments) {
    const wanted = options.relative ? activePart(argument) : lastComponent(argument);
    if (wanted === undefined) return undefined;
    literal.add(wanted);
    // Only beside a wildcard do backslashes quote.
    if (/[*?[]/.test(wanted)) patterns.push(wanted);
  }
  return explained(literal, patterns, options.relative);
}

function explained(
  literal: ReadonlySet<string>,
  patterns: readonly string[],
  relative: boolean,
): (name: string) => boolean {
  const parents = relative ? parentsOf(literal) : new Set<string>();
  const matches = (name: string): boolean =>
    literal.has(name) || patterns.some((pattern) => wildmatch(pattern, name));
  return (name) => {
    if (relative && (name === '.' || parents.has(name))) return true;
    for (let at = name; at !== ''; at = parentOf(at)) if (matches(at)) return true;
    // A wildcard may stand in a directory part, whose matches are sent as implied parents.
    return relative && patterns.some((pattern) => isParentOfMatch(pattern, name));
  };
}

function isParentOfMatch(pattern: string, name: string): boolean {
  const depth = name.split('/').length;
  const parts = pattern.split('/');
  return depth < parts.length && wildmatch(parts.slice(0, depth).join('/'), name);
}

function listedNames(listed: readonly string[], relative: boolean): (name: string) => boolean {
  const names = new Set<string>();
  for (const raw of listed) {
    const wanted = relative ? activePart(raw) : lastComponent(raw);
    if (wanted === undefined) return () => true;
    names.add(wanted);
  }
  return explained(names, [], relative);
}

function parentsOf(names: ReadonlySet<string>): Set<string> {
  const parents = new Set<string>();
  for (const name of names) {
    for (let at = parentOf(name); at !== ''; at = parentOf(at)) parents.add(at);
  }
  return parents;
}

/** The name an argument is sent under; undefined when it stands for the contents of a directory. */
function lastComponent(argument: string): string | undefined {
  if (argument === '' || /(^|\/)\.{0,2}$/.test(argument)) return undefined;
  return argument.slice(argument.lastIndexOf('/') + 1);
}

/** The path that `--relative` sends: what follows `/./`, cleaned; undefined for everything. */
function activePart(argument: string): string | undefined {
  const dot = argument.indexOf('/./');
  const active = dot < 0 ? argument : argument.slice(dot + 3);
  const clean = active
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  return clean === '' ? undefined : clean;
}
