import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  createFilter,
  type FilterDirective,
  type FilterScope,
  parseDirectives,
  parseWireRule,
  wireRules,
} from '../src/index.ts';

type Tree = Record<string, string | null>;
interface RuleCase {
  args: string[];
  flist?: string[];
  deleted?: string[];
  exit?: number;
  stderr?: string;
}
const lists: { src: Tree; dst: Tree; files: Record<string, string>; cases: RuleCase[] } =
  JSON.parse(
    readFileSync(new URL('../../testkit/vectors/filter-rules.json', import.meta.url), 'utf8'),
  );

const ROOT = '/root';
const bytes = (text: string | null | undefined) =>
  typeof text === 'string' ? new TextEncoder().encode(text) : undefined;

function directives(args: string[]): FilterDirective[] {
  const found: FilterDirective[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!.replaceAll('@root', ROOT);
    const [option, value = ''] = arg.split(/=(.*)/s);
    if (arg === '-f') found.push({ kind: 'filter', text: args[++i]!.replaceAll('@root', ROOT) });
    else if (arg === '-C') found.push({ kind: 'cvs' });
    else if (arg === '-F') found.push({ kind: 'per-dir' });
    else if (arg === '-FF') found.push({ kind: 'per-dir' }, { kind: 'per-dir-hide' });
    else if (option === '--exclude') found.push({ kind: 'exclude', pattern: value });
    else if (option === '--include') found.push({ kind: 'include', pattern: value });
    else if (option === '--exclude-from') found.push({ kind: 'exclude-from', path: value });
    else if (option === '--include-from') found.push({ kind: 'include-from', path: value });
    else if (arg !== '--delete-excluded' && arg !== '-m') throw new Error(`unknown: ${arg}`);
  }
  return found;
}

/** Names below `directory`, each directory with a slash. */
function children(tree: Tree, directory: string): string[] {
  return Object.keys(tree).filter((name) => {
    if (!name.startsWith(directory) || name === directory) return false;
    const rest = name.slice(directory.length);
    return !rest.slice(0, -1).includes('/');
  });
}

const bare = (entry: string) => entry.replace(/\/$/, '');
const excludes = (scope: FilterScope, entry: string, ignorePerishable = false) =>
  scope.decide(bare(entry), entry.endsWith('/'), { ignorePerishable }) === 'exclude';

function list(scope: FilterScope, directory = ''): string[] {
  const inside = scope.enter(bare(directory));
  return children(lists.src, directory).flatMap((entry) => {
    if (excludes(inside, entry)) return [];
    return entry.endsWith('/') ? [entry, ...list(inside, entry)] : [entry];
  });
}

function remove(scope: FilterScope, entry: string): { gone: string[]; kept: boolean } {
  if (!entry.endsWith('/')) return { gone: [entry], kept: false };
  const inside = scope.enter(bare(entry));
  let kept = false;
  const gone: string[] = [];
  for (const child of children(lists.dst, entry)) {
    if (excludes(inside, child, true)) kept = true;
    else {
      const below = remove(inside, child);
      gone.push(...below.gone);
      kept ||= below.kept;
    }
  }
  if (!kept) gone.push(entry);
  return { gone, kept };
}

function deleted(scope: FilterScope, listed: Set<string>, directory = ''): string[] {
  const inside = scope.enter(bare(directory));
  return children(lists.dst, directory).flatMap((entry) => {
    if (listed.has(entry)) return entry.endsWith('/') ? deleted(inside, listed, entry) : [];
    return excludes(inside, entry) ? [] : remove(inside, entry).gone;
  });
}

/** `-m`: drop directories without a file below. */
function prune(names: string[]): string[] {
  return names.filter(
    (name) =>
      !name.endsWith('/') || names.some((other) => other.startsWith(name) && !other.endsWith('/')),
  );
}

test.each(lists.cases)('rules $args', ({ args, flist, deleted: gone, stderr, exit }) => {
  const deleteExcluded = args.includes('--delete-excluded');
  // Merge files named on the command line are called "@name".
  const readFile = (path: string) => bytes(lists.files[path.replace(/^@/, '')]);
  const run = () => {
    const rules = parseDirectives(directives(args), { readFile, deleteExcluded });
    // The client of a local copy is the sender; the receiver has what came over the wire.
    const wire = wireRules(rules, {
      protocol: 32,
      amSender: true,
      deleteExcluded,
      cvsExclude: false,
    });
    const remote = wire.flatMap((text) => parseWireRule(text, 32, { deleteExcluded }));
    const scope = (side: 'sender' | 'receiver', tree: Tree) =>
      createFilter(side === 'sender' ? rules : remote, {
        side,
        deleteExcluded,
        readMergeFile: (path) => bytes(tree[path]),
        rootPath: side === 'sender' ? `${ROOT}/s` : `${ROOT}/d`,
      });
    const names = list(scope('sender', lists.src));
    const sent = args.includes('-m') ? prune(names) : names;
    return { sent, gone: deleted(scope('receiver', lists.dst), new Set(sent)) };
  };
  if (exit) {
    const error = { message: stderr!.replaceAll('@root', ROOT), exitCode: exit };
    expect(run).toThrow(expect.objectContaining(error));
  } else {
    const { sent, gone: removed } = run();
    expect(sent.toSorted()).toEqual(flist!.toSorted());
    expect(removed.toSorted()).toEqual(gone!.toSorted());
  }
});
