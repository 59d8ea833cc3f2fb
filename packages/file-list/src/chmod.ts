import { RsyncError } from '@deltawire/protocol';

/** One item of `--chmod`, ready to be applied. Bits are those of a mode's low twelve. */
export interface ChmodRule {
  readonly directories: boolean;
  readonly others: boolean;
  /** Octal items set all bits at once. */
  readonly absolute: number | undefined;
  readonly operator: '+' | '-' | '=';
  /** rwx bits of the named classes: 0700, 0070, 0007. */
  readonly classes: number;
  /** No class was named: the umask limits rwx bits. */
  readonly masked: boolean;
  /** r, w and x as one octal digit. */
  readonly permissions: number;
  /** `X`: x for directories and for what had any x at first. */
  readonly conditionalX: boolean;
  /** Set-id and sticky bits to set or clear. */
  readonly special: number;
  /** Special bits that `=` clears first. */
  readonly clearedSpecial: number;
  /** The class whose rwx bits are copied. */
  readonly copied: 'u' | 'g' | 'o' | undefined;
}

const CLASS_BITS = { u: 0o700, g: 0o070, o: 0o007 } as const;
const CLASS_SPECIAL = { u: 0o4000, g: 0o2000, o: 0o1000 } as const;
const CLASS_SHIFT = { u: 6, g: 3, o: 0 } as const;
const PERMISSION = { r: 4, w: 2, x: 1 } as const;

/**
 * Parse the argument of `--chmod`, a comma list (grammar: docs/spec/data.md §9.6). Throws RsyncError
 * (exit 1) with rsync's message.
 */
export function parseChmod(text: string): ChmodRule[] {
  return text.split(',').map((item) => {
    const rule = parseItem(item);
    if (rule) return rule;
    throw new RsyncError(`Invalid argument passed to --chmod (${text})`, {
      code: 'SYNTAX',
      exitCode: 1,
    });
  });
}

function parseItem(item: string): ChmodRule | undefined {
  const match = /^([DFugoa]*)(?:([0-7]+)|([-+=])([ugo]|[rwxXst]*))$/.exec(item);
  if (!match) return undefined;
  const [, who = '', octal, operator, perms = ''] = match;
  const directoriesOnly = who.includes('D');
  const othersOnly = who.includes('F');
  if (directoriesOnly && othersOnly) return undefined;
  const named = who.replace(/[DF]/g, '');
  const rule = { directories: !othersOnly, others: !directoriesOnly };
  if (octal !== undefined) {
    const absolute = Number.parseInt(octal, 8);
    if (named !== '' || absolute > 0o7777) return undefined;
    return { ...rule, ...NOTHING, absolute };
  }
  const copied = perms === 'u' || perms === 'g' || perms === 'o' ? perms : undefined;
  const letters = copied ? '' : perms;
  const classes = classesOf(named);
  return {
    ...rule,
    absolute: undefined,
    operator: operator as ChmodRule['operator'],
    classes,
    masked: named === '',
    // `xX` is `X`: the condition holds for both.
    permissions: bitsOf(letters.includes('X') ? letters.replace(/x/g, '') : letters),
    conditionalX: letters.includes('X'),
    special: specialOf(letters, named),
    clearedSpecial: copied ? specialOfClasses(classes) : clearedOf(letters, named),
    copied,
  };
}

const NOTHING = {
  operator: '=',
  classes: 0,
  masked: false,
  permissions: 0,
  conditionalX: false,
  special: 0,
  clearedSpecial: 0,
  copied: undefined,
} as const;

function classesOf(named: string): number {
  if (named === '' || named.includes('a')) return 0o777;
  let classes = 0;
  for (const letter of ['u', 'g', 'o'] as const) {
    if (named.includes(letter)) classes |= CLASS_BITS[letter];
  }
  return classes;
}

function bitsOf(letters: string): number {
  let bits = 0;
  for (const letter of ['r', 'w', 'x'] as const) {
    if (letters.includes(letter)) bits |= PERMISSION[letter];
  }
  return bits;
}

/** The set-id bits of the named classes. */
function setIdOf(named: string): number {
  if (named.includes('a')) return 0o6000;
  return (named.includes('u') ? 0o4000 : 0) | (named.includes('g') ? 0o2000 : 0);
}

/** `s` without a class that has a set-id bit means the user's. */
function specialOf(letters: string, named: string): number {
  const setId = letters.includes('s') ? setIdOf(named) || 0o4000 : 0;
  return setId | (letters.includes('t') ? 0o1000 : 0);
}

function clearedOf(letters: string, named: string): number {
  return /[st]/.test(letters) ? setIdOf(named) : 0;
}

function specialOfClasses(classes: number): number {
  let bits = 0;
  for (const letter of ['u', 'g', 'o'] as const) {
    if (classes & CLASS_BITS[letter]) bits |= CLASS_SPECIAL[letter];
  }
  return bits;
}

/**
 * The mode that rules make of a mode; type bits stay. Do not call it for symlinks or mode-0 entries.
 * `umask` limits items that name no class.
 */
export function applyChmod(
  rules: readonly ChmodRule[],
  mode: number,
  isDirectory: boolean,
  umask: number,
): number {
  const hadX = (mode & 0o111) !== 0;
  let bits = mode & 0o7777;
  for (const rule of rules) {
    if (!(isDirectory ? rule.directories : rule.others)) continue;
    bits = applyRule(rule, bits, isDirectory || hadX, umask);
  }
  return (mode & ~0o7777) | bits;
}

function applyRule(rule: ChmodRule, bits: number, getsX: boolean, umask: number): number {
  if (rule.absolute !== undefined) return rule.absolute;
  const { classes, copied } = rule;
  let permissions = rule.permissions | (rule.conditionalX && getsX ? 1 : 0);
  if (copied) permissions = (bits >> CLASS_SHIFT[copied]) & 7;
  const wanted = (permissions * 0o111) & classes & (rule.masked ? ~umask : ~0);
  switch (rule.operator) {
    case '+':
      return bits | wanted | rule.special;
    case '-':
      return bits & ~(wanted | rule.special);
    case '=':
      return (bits & ~(classes | rule.clearedSpecial)) | wanted | rule.special;
  }
}
