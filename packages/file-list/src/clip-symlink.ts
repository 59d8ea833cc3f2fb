/**
 * A symlink's target with everything removed that would lead out of the transfer: a leading slash and
 * the `..` that climb above its root. `linkName` is the link's name inside the transfer. A daemon
 * without a chroot does this to links it receives (docs/spec/session.md §11.5).
 */
export function clipSymlink(target: string, linkName: string): string {
  const depth = linkName.split('/').length - 1;
  const climbs: string[] = [];
  const kept: string[] = [];
  for (const [part] of target.matchAll(/[^/]+\/?/g)) {
    const name = part.replace('/', '');
    if (name === '.') continue;
    if (name !== '..') kept.push(part);
    else if (kept.length > 0) kept.pop();
    else if (climbs.length < depth) climbs.push(part);
  }
  return climbs.join('') + kept.join('') || '.';
}
