import { OptionError } from './option-error.ts';

/** Output level by lower-case word; a word that is absent is silent (0). */
export type InfoLevels = Readonly<Record<string, number>>;

/** One word of `--info` or `--debug`. */
export interface VerbosityWord {
  readonly word: string;
  readonly help: string;
  /** Roles of a server on which the word means something, so that a client forwards it. */
  readonly server: '' | 'sender' | 'receiver' | 'both';
}

/** A family of words with the levels that each `-v` adds. */
export interface VerbosityFamily {
  readonly option: '--info' | '--debug';
  readonly words: readonly VerbosityWord[];
  /** Words added at 0, 1, 2 … `-v`, as `WORD` or `WORD2`. */
  readonly byVerbosity: readonly string[];
}

/** Highest level a word can have; larger numbers mean the same. */
const MAX_LEVEL = 4;

const info = (word: string, server: VerbosityWord['server'], help: string): VerbosityWord => ({
  word,
  help,
  server,
});
const debug = (word: string, help: string): VerbosityWord => ({ word, help, server: '' });

/** The words of `--info`, in the order rsync lists and forwards them. */
export const INFO_FAMILY: VerbosityFamily = {
  option: '--info',
  words: [
    info('BACKUP', 'receiver', 'Mention files backed up'),
    info('COPY', 'receiver', 'Mention files copied locally on the receiving side'),
    info('DEL', 'receiver', 'Mention deletions on the receiving side'),
    info('FLIST', '', 'Mention file-list receiving/sending (levels 1-2)'),
    info('MISC', 'both', 'Mention miscellaneous information (levels 1-2)'),
    info('MOUNT', 'both', 'Mention mounts that were found or skipped'),
    info('NAME', 'both', 'Mention 1) updated file/dir names, 2) unchanged names'),
    info('NONREG', 'receiver', 'Mention skipped non-regular files (default 1, 0 disables)'),
    info('PROGRESS', '', 'Mention 1) per-file progress or 2) total transfer progress'),
    info('REMOVE', 'sender', 'Mention files removed on the sending side'),
    info('SKIP', 'receiver', 'Mention files skipped due to transfer overrides (levels 1-2)'),
    info('STATS', 'both', 'Mention statistics at end of run (levels 1-3)'),
    info('SYMSAFE', 'both', 'Mention symlinks that are unsafe'),
  ],
  byVerbosity: [
    'NONREG',
    'COPY,DEL,FLIST,MISC,NAME,STATS,SYMSAFE',
    'BACKUP,MISC2,MOUNT,NAME2,REMOVE,SKIP',
  ],
};

/** The words of `--debug`; recognised, never forwarded. */
export const DEBUG_FAMILY: VerbosityFamily = {
  option: '--debug',
  words: [
    debug('ACL', 'Debug extra ACL info'),
    debug('BACKUP', 'Debug backup actions (levels 1-2)'),
    debug('BIND', 'Debug socket bind actions'),
    debug('CHDIR', 'Debug when the current directory changes'),
    debug('CONNECT', 'Debug connection events (levels 1-2)'),
    debug('CMD', 'Debug commands+options that are issued (levels 1-2)'),
    debug('DEL', 'Debug delete actions (levels 1-3)'),
    debug('DELTASUM', 'Debug delta-transfer checksumming (levels 1-4)'),
    debug('DUP', 'Debug weeding of duplicate names'),
    debug('EXIT', 'Debug exit events (levels 1-3)'),
    debug('FILTER', 'Debug filter actions (levels 1-3)'),
    debug('FLIST', 'Debug file-list operations (levels 1-4)'),
    debug('FUZZY', 'Debug fuzzy scoring (levels 1-2)'),
    debug('GENR', 'Debug generator functions'),
    debug('HASH', 'Debug hashtable code'),
    debug('HLINK', 'Debug hard-link actions (levels 1-3)'),
    debug('ICONV', 'Debug iconv character conversions (levels 1-2)'),
    debug('IO', 'Debug I/O routines (levels 1-4)'),
    debug('NSTR', 'Debug negotiation strings'),
    debug('OWN', 'Debug ownership changes in users & groups (levels 1-2)'),
    debug('PROTO', 'Debug protocol information'),
    debug('RECV', 'Debug receiver functions'),
    debug('SEND', 'Debug sender functions'),
    debug('TIME', 'Debug setting of modified times (levels 1-2)'),
  ],
  byVerbosity: [
    '',
    '',
    'BIND,CONNECT,CMD,DEL,DELTASUM,DUP,FILTER,FLIST,ICONV',
    'ACL,BACKUP,CONNECT2,DEL2,DELTASUM2,EXIT,FILTER2,FLIST2,FUZZY,GENR,OWN,RECV,SEND,TIME',
    'CMD2,DEL3,DELTASUM3,EXIT2,FLIST3,ICONV2,OWN2,PROTO,TIME2',
    'CHDIR,DELTASUM4,FLIST4,FUZZY2,HASH,HLINK',
  ],
};

/** Split `NAME2` into its word and level; without digits the level is 1. */
function splitLevel(item: string): { word: string; level: number } {
  const digits = /[0-9]*$/.exec(item)![0];
  const word = item.slice(0, item.length - digits.length);
  return { word, level: digits === '' ? 1 : Math.min(Number(digits), MAX_LEVEL) };
}

/**
 * Add the words of one `--info=LIST` or `--debug=LIST` to `levels` (keyed by lower-case word).
 * Returns true when the list asks for the help text instead. A server ignores words it does not
 * know, because its client may be newer.
 */
export function addVerbosityWords(
  family: VerbosityFamily,
  list: string,
  levels: Record<string, number>,
  isServer: boolean,
): boolean {
  for (const item of list.split(',')) {
    if (item === '') continue;
    const { word, level } = splitLevel(item);
    const name = word.toLowerCase();
    if (name === 'help') return true;
    if (name === 'all' || name === 'none') {
      for (const w of family.words) levels[w.word.toLowerCase()] = name === 'all' ? level : 0;
    } else if (family.words.some((w) => w.word.toLowerCase() === name)) {
      levels[name] = level;
    } else if (!isServer) {
      throw new OptionError(`Unknown ${family.option} item: "${word}"`, 'INVALID_VALUE');
    }
  }
  return false;
}

/** Levels in force: what `-v` implies, raised by `atLeast`, overridden by what was said explicitly. */
export function resolveLevels(
  family: VerbosityFamily,
  verbose: number,
  explicit: InfoLevels,
  atLeast: InfoLevels = {},
): InfoLevels {
  const levels: Record<string, number> = {};
  for (const list of family.byVerbosity.slice(0, verbose + 1)) {
    addVerbosityWords(family, list, levels, false);
  }
  for (const [word, level] of Object.entries(atLeast)) {
    levels[word] = Math.max(levels[word] ?? 0, level);
  }
  return { ...levels, ...explicit };
}

/**
 * The `--info=` argument that tells a server in `role` about the explicit levels, or undefined when
 * there is nothing to tell it (docs/spec/session.md §3.3 #26). When every word that concerns the
 * role is set, a level that most of them have is said once as `ALL`, `ALLn` or `NONE`.
 */
export function infoArgument(
  explicit: InfoLevels,
  role: 'sender' | 'receiver',
): string | undefined {
  const relevant = INFO_FAMILY.words.filter((w) => w.server === role || w.server === 'both');
  const set = relevant.filter((w) => explicit[w.word.toLowerCase()] !== undefined);
  if (set.length === 0) return undefined;
  const levelOf = (w: VerbosityWord): number => explicit[w.word.toLowerCase()] ?? 0;
  const items: string[] = [];
  let common = -1;
  if (set.length === relevant.length) {
    common = mostFrequentLevel(set.map(levelOf)) ?? -1;
    if (common >= 0) items.push(common === 0 ? 'NONE' : `ALL${levelSuffix(common)}`);
  }
  for (const w of set) {
    if (levelOf(w) !== common) items.push(`${w.word}${levelSuffix(levelOf(w))}`);
  }
  return `--info=${items.join(',')}`;
}

/** Words that must share a level before it is said once for all. */
const MIN_COMMON = 5;

/** The first level to reach the highest count, if that is high enough. */
function mostFrequentLevel(levels: readonly number[]): number | undefined {
  const counts: number[] = [];
  let common: number | undefined;
  let most = MIN_COMMON - 1;
  for (const level of levels) {
    const count = (counts[level] ?? 0) + 1;
    counts[level] = count;
    if (count > most) {
      most = count;
      common = level;
    }
  }
  return common;
}

const levelSuffix = (level: number): string => (level === 1 ? '' : String(level));

/** The text of `--info=help` or `--debug=help`. */
export function verbosityHelp(family: VerbosityFamily): string {
  const line = (word: string, help: string): string => `${word.padEnd(10)} ${help}\n`;
  let text =
    'Use OPT or OPT1 for level 1 output, OPT2 for level 2, etc.; OPT0 silences.\n\n' +
    family.words.map((w) => line(w.word, w.help)).join('') +
    '\n' +
    line('ALL', `Set all ${family.option} options (e.g. all4)`) +
    line('NONE', `Silence all ${family.option} options (same as all0)`) +
    line('HELP', 'Output this help message') +
    '\nOptions added at each level of verbosity:\n';
  family.byVerbosity.forEach((list, level) => {
    if (list !== '') text += `${level}) ${list}\n`;
  });
  return text;
}
