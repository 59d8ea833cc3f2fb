import { realpathSync } from 'node:fs';
import { fsPath, readDirectory, stat } from '@deltawire/filesystem';
import { wildmatch } from '@deltawire/filters';
import { unquoteArgument } from '@deltawire/options';

const hasWildcard = (text: string): boolean => /[*?[]/.test(text);

/** Names that a pattern may produce before it is taken literally. */
const MAX_MATCHES = 16_000;

/**
 * Expand `*`, `?` and `[` in a path relative to `root`, component by component, sorted by byte
 * value; a backslash makes the next character literal and hidden names need a literal dot.
 * Without a match the pattern itself is returned, as the shell does. Directories that lie
 * outside the root, behind a link, are not searched.
 */
export function expandGlob(pattern: string, root: string): string[] {
  if (!hasWildcard(pattern)) return [unquoteArgument(pattern)];
  const trailing = pattern.endsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let found = [''];
  for (const [i, part] of parts.entries()) {
    const directory = trailing || i < parts.length - 1;
    found = found.flatMap((base) => expandPart(base, part, root, directory));
    if (found.length > MAX_MATCHES) return [pattern];
  }
  if (found.length === 0) return [pattern];
  return trailing ? found.map((path) => `${path}/`) : found;
}

function expandPart(base: string, part: string, root: string, directory: boolean): string[] {
  const join = (name: string): string => (base === '' ? name : `${base}/${name}`);
  if (!hasWildcard(part)) {
    const path = join(unquoteArgument(part));
    return stat(`${root}/${path}`) === undefined ? [] : [path];
  }
  const hidden = part.startsWith('.');
  return namesIn(base, root)
    .filter((name) => (hidden || !name.startsWith('.')) && wildmatch(part, name))
    .map(join)
    .filter((path) => !directory || stat(`${root}/${path}`)?.type === 'directory');
}

function namesIn(directory: string, root: string): string[] {
  const path = directory === '' ? root : `${root}/${directory}`;
  try {
    if (!isInside(path, root)) return [];
    return readDirectory(path).sort((a, b) => (a < b ? -1 : 1));
  } catch {
    // A directory that cannot be read matches nothing, as for the shell.
    return [];
  }
}

function isInside(path: string, root: string): boolean {
  const real = realpathSync(fsPath(path), 'latin1');
  const realRoot = realpathSync(fsPath(root), 'latin1');
  return real === realRoot || real.startsWith(realRoot === '/' ? '/' : `${realRoot}/`);
}
