import { DAEMON_SWITCHES, DAEMON_TABLE } from './daemon-table.ts';
import { defaultOptions } from './default-options.ts';
import { notSupported, OptionError } from './option-error.ts';
import type { Draft, PlatformSupport } from './option-row.ts';
import type { RsyncOptions } from './options.ts';
import { type FoundOption, indexTable, walkArguments } from './popt.ts';
import { applyRules } from './rules.ts';
import { OPTION_TABLE } from './table.ts';
import { usage } from './usage.ts';

/** What a command line means. */
export interface ParseResult {
  readonly options: RsyncOptions;
}

/** Where a command line is parsed. */
export interface ParseContext {
  /** Milliseconds since the epoch, for `--stop-at`. @default Date.now() */
  readonly now?: number;
  /** The platform can set creation times (`-N`). @default false */
  readonly crtimes?: boolean;
  /** What else it can do. @default everything */
  readonly platform?: PlatformSupport;
  /** Text as in `process.env`, of which a server heeds its own lists of names. @default nothing */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const ABLE: PlatformSupport = { xattrs: () => true, acls: () => true, preallocation: () => true };

/** Thrown to leave the walk when the command line turns out to be a daemon's. */
const daemonMode: unique symbol = Symbol('daemon mode');

const mainSpellings = indexTable([
  ...OPTION_TABLE,
  // Seen on a command line without --daemon in front of them, these switch to the daemon's table.
  ...DAEMON_TABLE.filter((row) => DAEMON_SWITCHES.includes(row.name)).map((row) => ({
    ...row,
    short: '',
  })),
]);
const daemonSpellings = indexTable(DAEMON_TABLE);

/**
 * Parse a client's, a server's or a daemon's command line. `argv` is without the program; its
 * strings, like all strings in the result, are byte strings. `env` is text as in `process.env`.
 *
 * Throws {@link OptionError}: exit code 1 with rsync's message for syntax and usage errors, 4 for
 * options that are refused by name.
 */
export function parseCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  context: ParseContext = {},
): ParseResult {
  const draft = createDraft(env, context);
  const { options } = draft;
  try {
    walk(argv, draft);
  } catch (reason) {
    if (reason !== daemonMode) throw reason;
    return { options: parseDaemon(argv, env, context) };
  }
  if (options.show !== undefined) return { options };
  if (options.server) return { options: finishServer(draft) };
  if (options.args.length === 0 && argv.length === 1 && options.human > 1) options.show = 'help';
  else if (draft.versions > 0) options.show = draft.versions > 1 ? 'version-json' : 'version';
  else {
    checkRefused(draft);
    if (options.sender) throw new OptionError(usage(), 'USAGE');
    applyRules(draft);
    if (options.writeBatch !== undefined) {
      options.commandLine = { words: argv, operands: draft.operands };
    }
    const { length } = options.args;
    // With a list of names there is one source directory and one destination.
    if (options.filesFrom !== undefined && length !== 2) throw new OptionError(usage(), 'USAGE');
    if (length === 0) throw new OptionError(usage(), argv.length === 0 ? 'USAGE' : 'NO_SOURCE');
  }
  return { options };
}

/**
 * Parse the arguments a server or a daemon's module gets from its peer, from `--server` on
 * (docs/spec/session.md §3.3). `args` of the result are the paths after the `.`. When the command
 * line asked for secluded args, `secluded` is the list that came over stdin, without the leading
 * program name; the options of both lists hold.
 */
export function parseServerArguments(
  argv: readonly string[],
  secluded: readonly string[] = [],
  context: ParseContext = {},
): RsyncOptions {
  const draft = createDraft(context.env ?? {}, context);
  draft.isServer = true;
  draft.options.server = true;
  try {
    walk([...argv, ...secluded], draft);
  } catch (reason) {
    if (reason !== daemonMode) throw reason;
    throw new OptionError('rsync: Attempt to hack rsync thwarted!', 'NOT_SUPPORTED', 4);
  }
  return finishServer(draft);
}

function finishServer(draft: Draft): RsyncOptions {
  checkRefused(draft);
  applyRules(draft);
  if (draft.options.args[0] === '.') draft.options.args.shift();
  return draft.options;
}

/** What follows a mistake on a daemon's command line. */
const DAEMON_HINT = '(Type "deltawire --daemon --help" for assistance with daemon mode.)';

function parseDaemon(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  context: ParseContext,
): RsyncOptions {
  const draft = createDraft(env, context);
  const { options } = draft;
  walkArguments(argv, daemonSpellings, {
    option: (found) => applyOption(found, draft),
    argument: (text) => options.args.push(text),
    message: (word, problem) => `rsync: ${word}: ${problem} (in daemon mode)\n${DAEMON_HINT}`,
  });
  if (draft.helpRequested) options.show = 'daemon-help';
  else if (!options.daemon) {
    throw new OptionError(`Daemon option(s) used without --daemon.\n${DAEMON_HINT}`, 'USAGE');
  } else checkRefused(draft);
  return options;
}

function createDraft(
  env: Readonly<Record<string, string | undefined>>,
  context: ParseContext,
): Draft {
  return {
    options: defaultOptions(),
    env,
    now: context.now ?? Date.now(),
    hasCrtimes: context.crtimes ?? false,
    platform: context.platform ?? ABLE,
    isServer: false,
    recursion: 'no',
    dirs: undefined,
    relative: undefined,
    deleteRequested: false,
    deleteWhen: new Set(),
    perDirFilters: 0,
    checksumChoice: undefined,
    suffix: undefined,
    compressCount: 0,
    compressChoice: undefined,
    oldArgs: undefined,
    secludedArgs: undefined,
    operands: [],
    helpRequested: false,
    versions: 0,
    refused: new Set(),
  };
}

function walk(argv: readonly string[], draft: Draft): void {
  const { options } = draft;
  try {
    walkArguments(argv, mainSpellings, {
      option(found) {
        if (DAEMON_SWITCHES.includes(found.row.name)) throw daemonMode;
        applyOption(found, draft);
        // Help is printed at once, whatever follows; --version waits for the end.
        if (draft.helpRequested) options.show = 'help';
        if (options.show !== undefined) throw done;
      },
      argument(text, index) {
        options.args.push(text);
        draft.operands.push(index);
      },
      message: (word, problem) =>
        `rsync: ${draft.isServer ? 'on remote machine: ' : ''}${word}: ${problem}`,
    });
  } catch (reason) {
    if (reason !== done) throw reason;
  }
}

/** Thrown to leave the walk early. */
const done: unique symbol = Symbol('done');

function applyOption({ row, negated, value }: FoundOption, draft: Draft): void {
  if (row.status !== 'refused') (negated ? row.negate : row.apply)?.(draft, value);
  else if (negated) draft.refused.delete(row);
  else draft.refused.add(row);
}

/**
 * Refuse by name what this version cannot do. At the end of the command line, because a later
 * `--no-X` takes an option back and syntax errors come first.
 */
function checkRefused({ refused }: Draft): void {
  const [row] = refused;
  if (row !== undefined) throw notSupported(`--${row.name}`);
}
