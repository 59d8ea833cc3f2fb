/**
 * Whether a symlink could lead out of the transfer: its target is empty or absolute, has `..` other than
 * at its start, or climbs above the root. `linkName` is the link's name inside the transfer
 * (docs/spec/data.md §8.9).
 */
export function isUnsafeSymlink(target: string, linkName: string): boolean {
  if (target === '' || target.startsWith('/')) return true;
  const behindLeadingParents = target.replace(/^(\.\.\/+)+/, '');
  if (behindLeadingParents.includes('/../')) return true;
  if (target.length > 3 && target.endsWith('/..')) return true;

  let depth = 0;
  const parts = linkName.split('/');
  parts.pop();
  for (const part of parts) {
    if (part === '..') depth = 0;
    else if (part !== '' && part !== '.') depth++;
  }
  for (const part of target.split('/')) {
    if (part === '..') {
      if (--depth < 0) return true;
    } else if (part !== '' && part !== '.') {
      depth++;
    }
  }
  return false;
}
