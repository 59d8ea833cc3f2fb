import { createFilter } from './filter-set.ts';
import { type ReadFile, RuleParser } from './parse.ts';

/** The filter parameters of a daemon module, as byte strings. */
export interface DaemonFilterParameters {
  readonly filter?: string | undefined;
  /** Path of a file of patterns. */
  readonly includeFrom?: string | undefined;
  readonly include?: string | undefined;
  /** Path of a file of patterns. */
  readonly excludeFrom?: string | undefined;
  readonly exclude?: string | undefined;
}

/** What a module hides from its users. */
export interface DaemonFilter {
  /** Is the name, or any directory above it, excluded? `name` is a path inside the module. */
  excluded(name: string, isDirectory: boolean): boolean;
  /** Nothing is ever excluded. */
  readonly empty: boolean;
}

/**
 * The rules of a module (`docs/spec/data.md` §12.7). All parameters but the file names hold words;
 * they are tried in the order of `DaemonFilterParameters`.
 *
 * @throws FilterError for a malformed rule or a missing file
 */
export function createDaemonFilter(
  parameters: DaemonFilterParameters,
  readFile: ReadFile,
): DaemonFilter {
  const parser = new RuleParser({ readFile });
  parser.parseWords(parameters.filter ?? '', 'rules');
  if (parameters.includeFrom) parser.parseNamedFile(parameters.includeFrom, 'prefixed-include');
  parser.parseWords(parameters.include ?? '', 'prefixed-include');
  if (parameters.excludeFrom) parser.parseNamedFile(parameters.excludeFrom, 'prefixed-exclude');
  parser.parseWords(parameters.exclude ?? '', 'prefixed-exclude');
  // The real daemon reads these before it knows its role and keeps the receiver's rules, whatever
  // the transfer; per-directory files are not read.
  const scope = createFilter(parser.rules, {
    side: 'receiver',
    deleteExcluded: false,
    readMergeFile: () => undefined,
    rootPath: '/',
  });
  return {
    empty: scope.empty,
    excluded(name, isDirectory) {
      if (scope.empty) return false;
      for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        if (scope.decide(name.slice(0, slash), true) === 'exclude') return true;
      }
      return scope.decide(name, isDirectory) === 'exclude';
    },
  };
}
