/**
 * rsync's wildcards (`docs/spec/data.md` §12.3), on byte strings.
 *
 *     ?        one byte except /
 *     *        any run of bytes without /
 *     **       any run of bytes (two or more stars)
 *     [a-z]    one byte, never /; ! or ^ first negates; a ] first is itself; [:alpha:] classes
 *     \c       c
 *
 * A pattern is compiled to one number per token: a byte, one of the negative codes below, or
 * `FIRST_SET - n` for the n-th set.
 */
const ANY = -1;
const STAR = -2;
const GLOBSTAR = -3;
/** Matches nothing: an unterminated set, an unknown class, a backslash at the end. */
const NEVER = -4;
const FIRST_SET = -5;

const SLASH = 47;

/** A compiled pattern. */
export interface WildPattern {
  readonly codes: Int32Array;
  /** One byte per byte value: 1 = member. */
  readonly sets: readonly Uint8Array[];
}

/** Compile once, match often. */
export function compileWild(pattern: string): WildPattern {
  const codes: number[] = [];
  const sets: Uint8Array[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '?') codes.push(ANY);
    else if (c === '*') {
      let stars = 1;
      while (pattern[i + 1] === '*') {
        stars++;
        i++;
      }
      codes.push(stars > 1 ? GLOBSTAR : STAR);
    } else if (c === '\\') codes.push(++i < pattern.length ? pattern.charCodeAt(i) : NEVER);
    else if (c === '[') {
      const members = new Uint8Array(256);
      const end = readSet(pattern, i + 1, members);
      if (end < 0) codes.push(NEVER);
      else {
        codes.push(FIRST_SET - sets.length);
        sets.push(members);
      }
      if (end < 0) break;
      i = end;
    } else codes.push(pattern.charCodeAt(i));
  }
  return { codes: Int32Array.from(codes), sets };
}

/** Read a set from behind its `[`. Returns the index of the closing `]`, or -1 if it is malformed. */
function readSet(pattern: string, start: number, members: Uint8Array): number {
  let i = start;
  const negate = pattern[i] === '!' || pattern[i] === '^';
  if (negate) i++;
  // The byte a range would start from: absent at the beginning and behind a range or class.
  let previous = -1;
  for (let first = true; first || pattern[i] !== ']'; first = false) {
    if (i >= pattern.length) return -1;
    if (pattern[i] === '[' && pattern[i + 1] === ':') {
      const close = pattern.indexOf(']', i + 2);
      if (close < 0) return -1;
      if (close > i + 2 && pattern[close - 1] === ':') {
        const test = classes[pattern.slice(i + 2, close - 1)];
        if (!test) return -1;
        for (let byte = 0; byte < 128; byte++) if (test(byte)) members[byte] = 1;
        previous = -1;
        i = close + 1;
        continue;
      }
    }
    const ranged =
      pattern[i] === '-' && previous >= 0 && i + 1 < pattern.length && pattern[i + 1] !== ']';
    if (ranged) i++;
    if (pattern[i] === '\\') i++;
    if (i >= pattern.length) return -1;
    const byte = pattern.charCodeAt(i++);
    for (let b = ranged ? previous : byte; b <= byte; b++) members[b] = 1;
    previous = ranged ? -1 : byte;
  }
  if (negate) for (let byte = 0; byte < 256; byte++) members[byte] = members[byte] ? 0 : 1;
  members[SLASH] = 0;
  return i;
}

const between = (low: number, high: number) => (byte: number) => byte >= low && byte <= high;
const isUpper = between(65, 90);
const isLower = between(97, 122);
const isDigit = between(48, 57);
const isGraph = between(33, 126);
const isAlpha = (byte: number): boolean => isUpper(byte) || isLower(byte);
const isAlnum = (byte: number): boolean => isAlpha(byte) || isDigit(byte);

/** The C locale's character classes: file names are bytes, so nothing above 127 is in any class. */
const classes: Readonly<Record<string, ((byte: number) => boolean) | undefined>> = {
  __proto__: null as never, // a class called [:constructor:] must not be found
  alnum: isAlnum,
  alpha: isAlpha,
  blank: (byte) => byte === 32 || byte === 9,
  cntrl: (byte) => byte < 32 || byte === 127,
  digit: isDigit,
  graph: isGraph,
  lower: isLower,
  print: between(32, 126),
  punct: (byte) => isGraph(byte) && !isAlnum(byte),
  space: (byte) => byte === 32 || (byte >= 9 && byte <= 13),
  upper: isUpper,
  xdigit: (byte) => isDigit(byte) || between(65, 70)(byte) || between(97, 102)(byte),
};

/** Does one byte match one token that is neither `*` nor `**`? */
function matchesOne(code: number, byte: number, sets: readonly Uint8Array[]): boolean {
  if (code >= 0) return code === byte;
  if (code === ANY) return byte !== SLASH;
  if (code === NEVER) return false;
  return sets[FIRST_SET - code]![byte] === 1;
}

/** Steps that plain backtracking may take before the table method takes over. */
const BACKTRACK_BUDGET = 4096;

/**
 * Does the whole of `text` from `start` on match the whole pattern?
 *
 * Only the last `*` and the last `**` are ever worth another try: an earlier star that took more
 * would leave less to the later one. When a hostile pattern makes even that slow, `matchByTable`
 * decides in time proportional to pattern length × text length.
 */
export function matchWild(pattern: WildPattern, text: string, start: number = 0): boolean {
  const { codes, sets } = pattern;
  let p = 0;
  let t = start;
  let starP = -1; // token behind the last *, and where its run ends
  let starT = 0;
  let globP = -1; // the same for the last **
  let globT = 0;
  for (let steps = 0; ; steps++) {
    if (steps === BACKTRACK_BUDGET) return matchByTable(pattern, text, start);
    if (p < codes.length) {
      const code = codes[p]!;
      if (code === GLOBSTAR) {
        if (++p === codes.length) return true;
        globP = p;
        globT = t;
        starP = -1;
        continue;
      }
      if (code === STAR) {
        starP = ++p;
        starT = t;
        continue;
      }
      if (t < text.length && matchesOne(code, text.charCodeAt(t), sets)) {
        p++;
        t++;
        continue;
      }
    } else if (t === text.length) return true;
    if (starP >= 0 && starT < text.length && text.charCodeAt(starT) !== SLASH) {
      p = starP;
      t = ++starT;
    } else if (globP >= 0 && globT < text.length) {
      starP = -1;
      p = globP;
      t = ++globT;
    } else return false;
  }
}

/** Row by row over the pattern: `reachable[i]` = the tokens so far can match the first i bytes. */
function matchByTable({ codes, sets }: WildPattern, text: string, start: number): boolean {
  const length = text.length - start;
  let reachable = new Uint8Array(length + 1);
  reachable[0] = 1;
  for (const code of codes) {
    const next = new Uint8Array(length + 1);
    if (code === GLOBSTAR || code === STAR) {
      let open = 0;
      for (let i = 0; i <= length; i++) {
        if (i > 0 && code === STAR && text.charCodeAt(start + i - 1) === SLASH) open = 0;
        open |= reachable[i]!;
        next[i] = open;
      }
    } else {
      for (let i = 0; i < length; i++) {
        if (reachable[i] && matchesOne(code, text.charCodeAt(start + i), sets)) next[i + 1] = 1;
      }
    }
    reachable = next;
  }
  return reachable[length] === 1;
}

/** Does `text` as a whole match `pattern`? Both are byte strings. */
export function wildmatch(pattern: string, text: string): boolean {
  return matchWild(compileWild(pattern), text);
}
