import { wildmatch } from '@deltawire/filters';

/** The names of one option, the first being the one in messages. */
interface OptionNames {
  readonly name: string;
  readonly letter: string;
  readonly aliases: readonly string[];
}

const option = (name: string, letter = '', ...aliases: string[]): OptionNames => ({
  name,
  letter,
  aliases,
});

/** Options a client can send, as docs/spec/session.md §3.3 lists them. */
const OPTIONS: readonly OptionNames[] = [
  option('verbose', 'v'),
  option('quiet', 'q'),
  option('backup', 'b'),
  option('update', 'u'),
  option('dry-run', 'n'),
  option('links', 'l'),
  option('dirs', 'd', 'old-dirs'),
  option('keep-dirlinks', 'K'),
  option('prune-empty-dirs', 'm'),
  option('omit-dir-times', 'O'),
  option('omit-link-times', 'J'),
  option('fuzzy', 'y'),
  option('copy-links', 'L'),
  option('copy-dirlinks', 'k'),
  option('whole-file', 'W'),
  option('hard-links', 'H'),
  option('owner', 'o'),
  option('group', 'g'),
  option('times', 't'),
  option('atimes', 'U'),
  option('crtimes', 'N'),
  option('perms', 'p'),
  option('executability', 'E'),
  option('acls', 'A'),
  option('xattrs', 'X'),
  option('recursive', 'r'),
  option('checksum', 'c'),
  option('cvs-exclude', 'C'),
  option('ignore-times', 'I'),
  option('relative', 'R'),
  option('one-file-system', 'x'),
  option('sparse', 'S'),
  option('compress', 'z'),
  option('secluded-args', 's', 'protect-args'),
  option('block-size', 'B'),
  option('modify-window', '@'),
  option('iconv'),
  option('list-only'),
  option('compress-level', '', 'zl'),
  option('devices'),
  option('specials'),
  option('log-format', '', 'out-format'),
  option('timeout'),
  option('bwlimit'),
  option('backup-dir'),
  option('suffix'),
  option('checksum-choice', '', 'cc'),
  option('compress-choice', '', 'zc'),
  option('new-compress'),
  option('old-compress'),
  option('max-delete'),
  option('min-size'),
  option('max-size'),
  option('delete', '', 'del'),
  option('delete-before'),
  option('delete-delay'),
  option('delete-during'),
  option('delete-after'),
  option('delete-excluded'),
  option('force'),
  option('only-write-batch'),
  option('super'),
  option('size-only'),
  option('stats'),
  option('skip-compress'),
  option('max-alloc'),
  option('delete-missing-args'),
  option('ignore-missing-args'),
  option('checksum-seed'),
  option('partial-dir'),
  option('delay-updates'),
  option('partial'),
  option('ignore-errors'),
  option('copy-unsafe-links'),
  option('safe-links'),
  option('numeric-ids'),
  option('usermap'),
  option('groupmap'),
  option('ignore-existing'),
  option('existing', '', 'ignore-non-existing'),
  option('temp-dir', 'T'),
  option('fsync'),
  option('compare-dest'),
  option('copy-dest'),
  option('link-dest'),
  option('info'),
  option('append'),
  option('append-verify'),
  option('inplace'),
  option('files-from'),
  option('from0', '0'),
  option('write-devices'),
  option('remove-source-files', '', 'remove-sent-files'),
  option('copy-devices'),
  option('preallocate'),
  option('open-noatime'),
  option('mkpath'),
  option('log-file'),
  option('log-file-format'),
  option('insecure-links'),
];

const BY_NAME: ReadonlyMap<string, OptionNames> = new Map(
  OPTIONS.flatMap((o) => [o.name, ...o.aliases].map((name) => [name, o] as const)),
);
const BY_LETTER: ReadonlyMap<string, OptionNames> = new Map(
  OPTIONS.filter((o) => o.letter !== '').map((o) => [o.letter, o]),
);

/** What wildcards never touch, because transfers stop working without it. */
const VITAL: ReadonlySet<string> = new Set([
  'log-format',
  'dry-run',
  'secluded-args',
  'from0',
  'iconv',
  'checksum-seed',
  'copy-devices',
  'write-devices',
]);

const ARCHIVE = 'rlptgoD';

/** Refused unless a module accepts them again, and refused whatever a module says. */
const REFUSED_AT_FIRST = ['copy-devices', 'write-devices'];
const REFUSED_ALWAYS = ['log-file', 'log-file-format', 'insecure-links'];

/**
 * Names of the options that `refuse options` forbids; later terms override earlier ones. Only a module
 * with a `charset` accepts `--iconv` by itself.
 */
export function refusedOptions(terms: string, hasCharset: boolean = false): ReadonlySet<string> {
  const refused = new Set<string>(REFUSED_AT_FIRST);
  if (!hasCharset) refused.add('iconv');
  for (const term of terms.split(/[\s,]+/).filter((text) => text !== '')) {
    const accept = term.startsWith('!');
    for (const name of namesOf(accept ? term.slice(1) : term)) {
      if (accept) refused.delete(name);
      else refused.add(name);
    }
  }
  for (const name of REFUSED_ALWAYS) refused.add(name);
  return refused;
}

function namesOf(term: string): string[] {
  if (term === 'a' || term === 'archive') return [...`${ARCHIVE}d`].flatMap(namesOf);
  if (term === 'D') return ['devices', 'specials'];
  if (/[*?[]/.test(term)) {
    const matches = (o: OptionNames): boolean =>
      [o.name, o.letter, ...o.aliases].some((name) => name !== '' && wildmatch(term, name));
    return OPTIONS.filter((o) => !VITAL.has(o.name) && matches(o)).map((o) => o.name);
  }
  const found = term.length === 1 ? BY_LETTER.get(term) : BY_NAME.get(term);
  return found ? [found.name] : [];
}

/** Where an argument vector asks for something refused. */
export interface Refusal {
  /** rsync's sentence about it. */
  readonly message: string;
  /** Of the argument. */
  readonly index: number;
}

/**
 * The first argument that asks for a refused option; undefined when everything is allowed.
 * `args` start at `--server`; paths are not looked at.
 */
export function findRefusal(
  args: readonly string[],
  refused: ReadonlySet<string>,
): Refusal | undefined {
  const sender = args.includes('--sender');
  for (const [index, arg] of args.entries()) {
    if (arg === '.') return undefined;
    const used = arg.startsWith('--') ? longOption(arg.slice(2)) : bundle(arg);
    const first = used.find((o) => isRefused(o.name, refused, sender));
    if (!first) continue;
    const letter = first.letter === '' ? '' : ` (-${first.letter})`;
    const message = `The server is configured to refuse --${first.name}${letter}`;
    return { message, index };
  }
  return undefined;
}

function longOption(text: string): OptionNames[] {
  const name = text.split('=', 1)[0] ?? '';
  const found = BY_NAME.get(name);
  return found ? [found] : [];
}

/** Letters up to one that takes the rest of the word as its value. */
function bundle(arg: string): OptionNames[] {
  if (!arg.startsWith('-')) return [];
  const found: OptionNames[] = [];
  for (const letter of arg.slice(1)) {
    if (letter === 'e') break;
    if (letter === 'D') found.push(...longOption('devices'), ...longOption('specials'));
    const o = BY_LETTER.get(letter);
    if (o) found.push(o);
    if (letter === 'B' || letter === '@' || letter === 'T') break;
  }
  return found;
}

/** Refusing `delete` and `compress` covers every way of asking for them. */
function isRefused(name: string, refused: ReadonlySet<string>, sender: boolean): boolean {
  if (refused.has(name)) return true;
  if (refused.has('delete')) {
    if (name.startsWith('delete')) return true;
    if (name === 'remove-source-files' && sender) return true;
  }
  return refused.has('compress') && /^(compress|new-compress|old-compress)/.test(name);
}
