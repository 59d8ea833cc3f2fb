import { createFilter, type FilterScope, parseDirectives } from '../src/index.ts';

/** A scope for rule texts over a tree of merge files. */
export function scopeOf(
  rules: string[],
  files: Record<string, string>,
  o: { rootPath?: string; side?: 'sender' | 'receiver'; from0?: boolean } = {},
): FilterScope {
  const { rootPath = '/w/s', side = 'sender', from0 } = o;
  const resolve = (path: string) => new URL(path, `file://${rootPath}/`).pathname;
  return createFilter(
    parseDirectives(
      rules.map((text) => ({ kind: 'filter', text })),
      { readFile: () => undefined },
    ),
    {
      side,
      deleteExcluded: false,
      rootPath,
      from0,
      readMergeFile: (path) => {
        const text = files[resolve(path)];
        return text === undefined ? undefined : new TextEncoder().encode(text);
      },
    },
  );
}

/** Which of the files a, b, c are excluded in a directory. */
export function excluded(scope: FilterScope, directory: string): string {
  const inside = scope.enter(directory);
  const prefix = directory === '' ? '' : `${directory}/`;
  return [...'abc'].filter((name) => inside.decide(prefix + name, false) === 'exclude').join('');
}
