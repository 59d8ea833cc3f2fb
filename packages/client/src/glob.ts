import { readDirectory, stat } from '@deltawire/filesystem';
import { wildmatch } from '@deltawire/filters';
import { unquoteArgument } from '@deltawire/options';

const hasWildcard = (text: string): boolean => /[*?[]/.test(text);

/**
 * Expand `*`, `?` and `[` in a path as a shell would: component by component, sorted by byte
 * value; a backslash makes the next character literal and hidden names need a literal dot.
 * Without a match the pattern itself is returned.
 */
export function expandGlob(pattern: string): string[] {
  if (!hasWildcard(pattern)) return [unquoteArgument(pattern)];
  const trailing = pattern.endsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const [i, part] of parts.entries()) {
    const directory = trailing || i < parts.length - 1;
    found = found.flatMap((base) => expandPart(base, part, directory));
  }
  if (found.length === 0) return [pattern];
  return trailing ? found.map((path) => `${path}/`) : found;
}

function expandPart(base: string, part: string, directory: boolean): string[] {
  const join = (name: string): string =>
    base === '' || base.endsWith('/') ? base + name : `${base}/${name}`;
  if (!hasWildcard(part)) {
    const path = join(unquoteArgument(part));
    return stat(path) === undefined ? [] : [path];
  }
  const hidden = part.startsWith('.');
  return namesIn(base === '' ? '.' : base)
    .filter((name) => (hidden || !name.startsWith('.')) && wildmatch(part, name))
    .map(join)
    .filter((path) => !directory || stat(path)?.type === 'directory');
}

function namesIn(directory: string): string[] {
  try {
    return readDirectory(directory).sort((a, b) => (a < b ? -1 : 1));
  } catch {
    // A directory that cannot be read matches nothing, as for the shell.
    return [];
  }
}
