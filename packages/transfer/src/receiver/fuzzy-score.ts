/** One edit of a name; the bytes involved weigh far less (docs/spec/data.md §8.8). */
const UNIT = 0x10000;
/** Stands for a distance that is beyond the limit. */
const TOO_FAR = 0xffff * UNIT + 1;
/** A difference between suffixes counts that much more. */
const SUFFIX_WEIGHT = 10;
/** Limit for the distance of suffixes: none in practice. */
const SUFFIX_LIMIT = 0xffff0000;

/** A worse score than this is no similarity. */
export const FUZZY_LIMIT: number = 25 * UNIT;

/**
 * How little two file names (byte strings, without directory) have in common; 0 for the same name.
 * `best` is the lowest score so far: names of too different length are not compared.
 */
export function fuzzyScore(name: string, target: string, best: number): number {
  const distance = editDistance(name, target, best);
  if (distance === TOO_FAR) return distance;
  const suffixes = editDistance(suffixOf(name), suffixOf(target), SUFFIX_LIMIT);
  return distance + SUFFIX_WEIGHT * suffixes;
}

/**
 * A Levenshtein distance whose steps weigh a unit plus the byte that comes or goes, or the difference
 * of the bytes that are exchanged. As in rsync, bytes that come or go at the front weigh nothing, and
 * only the cheaper neighbour is considered as a predecessor, whatever the step costs.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) * UNIT > limit) return TOO_FAR;
  if (a === '' || b === '') return weightOf(a) + weightOf(b);
  const row = Array.from({ length: b.length + 1 }, (_, i) => i * UNIT);
  for (let i = 0; i < a.length; i++) {
    const x = a.charCodeAt(i);
    let diagonal = row[0]!;
    let left = diagonal + UNIT;
    row[0] = left;
    for (let j = 1; j <= b.length; j++) {
      const y = b.charCodeAt(j - 1);
      const above = row[j]!;
      const exchanged = x === y ? diagonal : diagonal + UNIT + Math.abs(x - y);
      const moved = UNIT + (left < above ? left + y : above + x);
      diagonal = above;
      left = Math.min(exchanged, moved);
      row[j] = left;
    }
  }
  return row[b.length]!;
}

function weightOf(text: string): number {
  let sum = text.length * UNIT;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return sum;
}

/** What a name ends in, apart from marks of old versions; a version number goes with what is before. */
function suffixOf(name: string): string {
  let rest = name.replace(/^\.+/, '');
  const marked = rest.endsWith('~');
  if (marked) rest = rest.slice(0, -1);
  let suffix = '';
  for (let dot = rest.lastIndexOf('.'); dot > 0; dot = rest.lastIndexOf('.')) {
    const part = rest.slice(dot);
    rest = rest.slice(0, dot);
    if (part === '.bak' || part === '.old' || part === '.orig') continue;
    if (marked && /^\.~[0-9]$/.test(part)) continue;
    suffix = part;
    if (!/^\.[0-9]+$/.test(part)) break;
  }
  return suffix;
}
