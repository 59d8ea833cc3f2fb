import { createFilter, type FilterRule, type FilterScope } from '@deltawire/filters';
import type { Session } from '../session.ts';
import { readMergeFile } from '../source-files.ts';

/** Rules for what lies below one transfer root. */
export function senderScope(
  session: Session,
  rules: readonly FilterRule[],
  prefix: string,
  hides: ((name: string, isDirectory: boolean) => boolean) | undefined,
): FilterScope | undefined {
  const root = prefix === '' ? '.' : prefix;
  const scope =
    rules.length === 0
      ? undefined
      : createFilter(rules, {
          side: 'sender',
          deleteExcluded: session.options.deleteExcluded,
          rootPath: absolute(root),
          readMergeFile: (path) => readMergeFile(root, path),
        });
  return hides === undefined ? scope : hidingScope(scope, hides);
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${process.cwd()}/${path === '.' ? '' : path}`;
}

/** A daemon's rules come first: what they hide does not exist. */
function hidingScope(
  inner: FilterScope | undefined,
  hides: (name: string, isDirectory: boolean) => boolean,
): FilterScope {
  return {
    empty: false,
    hasMergeRules: inner?.hasMergeRules ?? false,
    decide: (name, isDirectory, options) =>
      hides(name, isDirectory) ? 'exclude' : inner?.decide(name, isDirectory, options),
    enter: (directory) => {
      const entered = inner?.enter(directory);
      return entered === inner ? hidingScope(inner, hides) : hidingScope(entered, hides);
    },
  };
}
