/**
 * Bring a path from a peer inside the module (docs/spec/session.md §11.5): a leading slash is
 * dropped and `..` never climbs above the root. A trailing slash survives, because it means the
 * contents of a directory; with `keepDotDirs` (`--relative`) so do `.` components in the middle.
 */
export function clipToModule(path: string, keepDotDirs: boolean = false): string {
  const parts = path.split('/');
  const last = parts[parts.length - 1] ?? '';
  const contents = last === '' || last === '.' || last === '..';
  const kept: string[] = [];
  for (const [i, part] of parts.entries()) {
    // At the front a dot marks nothing, at the end it means the contents.
    const keepsDot = keepDotDirs && kept.length > 0 && i < parts.length - 1;
    if (part === '' || (part === '.' && !keepsDot)) continue;
    if (part !== '..') {
      kept.push(part);
      continue;
    }
    while (kept[kept.length - 1] === '.') kept.pop();
    kept.pop();
  }
  const clipped = kept.join('/') || '.';
  return contents && path !== '' && path !== '.' ? `${clipped}/` : clipped;
}

/** An option's path: absolute means from the module's root. */
export const clipOptionPath = (path: string): string => clipToModule(path).replace(/\/$/, '');

/**
 * One path string of the argument block as the paths it asks for: without the module's name in
 * front and, unless the arguments were secluded, split where old clients joined several.
 */
export function splitModulePaths(text: string, module: string, secluded: boolean): string[] {
  const pieces = secluded ? [text] : text.split(` ${module}/`);
  return pieces.map((piece, i) => (i === 0 ? stripModule(piece, module) : piece));
}

const stripModule = (path: string, module: string): string => {
  if (path === module) return '';
  return path.startsWith(module) ? path.slice(module.length) : path;
};
