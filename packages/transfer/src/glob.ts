import { realpathSync } from 'node:fs';
import { fsPath, readDirectory, stat } from '@deltawire/filesystem';
import { wildmatch } from '@deltawire/filters';

const hasWildcard = (text: string): boolean => /[*?[]/.test(text);
const literal = (text: string): string => text.replace(/\\([\s\S])/g, '$1');

/** Names that a pattern may produce before it is taken literally. */
const MAX_MATCHES = 16_000;

/**
 * Expand `*`, `?` and `[` in a path as a shell would: component by component, sorted by byte value;
 * a backslash makes the next character literal and hidden names need a literal dot. Without a match
 * the pattern itself is returned; so is a path without wildcards, whose backslashes are characters.
 *
 * With `root` the pattern is relative to that directory, and so are the results; directories that
 * lie outside of it, behind a link, are not searched.
 */
export function expandGlob(pattern: string, root?: string): string[] {
  if (!hasWildcard(pattern)) return [pattern];
  const trailing = pattern.endsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let found = [root === undefined && pattern.startsWith('/') ? '/' : ''];
  for (const [i, part] of parts.entries()) {
    const directory = trailing || i < parts.length - 1;
    found = found.flatMap((base) => expandPart(base, part, root, directory));
    if (found.length > MAX_MATCHES) return [pattern];
  }
  if (found.length === 0) return [pattern];
  return trailing ? found.map((path) => `${path}/`) : found;
}

function expandPart(
  base: string,
  part: string,
  root: string | undefined,
  directory: boolean,
): string[] {
  // A `/./` is kept: with `--relative` it has a meaning.
  const join = (name: string): string =>
    base === '' || base.endsWith('/') ? base + name : `${base}/${name}`;
  const onDisk = (path: string): string => (root === undefined ? path : `${root}/${path}`);
  if (!hasWildcard(part)) {
    const path = join(literal(part));
    return stat(onDisk(path)) === undefined ? [] : [path];
  }
  const hidden = part.startsWith('.');
  return namesIn(base, root)
    .filter((name) => (hidden || !name.startsWith('.')) && wildmatch(part, name))
    .map(join)
    .filter((path) => !directory || stat(onDisk(path))?.type === 'directory');
}

function namesIn(directory: string, root: string | undefined): string[] {
  const path = root === undefined ? directory || '.' : `${root}/${directory}`;
  try {
    if (root !== undefined && !isInside(path, root)) return [];
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
