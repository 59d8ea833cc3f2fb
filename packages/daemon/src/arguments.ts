import { platformSupport } from '@deltawire/filesystem';
import {
  type InfoLevels,
  OptionError,
  parseServerArguments,
  type RsyncOptions,
  unquoteArgument,
} from '@deltawire/options';
import type { Charset } from '@deltawire/transfer';
import { findRefusal, refusedOptions } from './refuse-options.ts';
import type { TextChannel } from './text-channel.ts';

/** The argument block of one connection. */
export interface ServerArguments {
  /** From `--server` on, with the `.` and the paths; unescaped. */
  readonly args: readonly string[];
  /** The second block was used: the client escaped nothing and joined nothing. */
  readonly secluded: boolean;
}

/**
 * Read the argument block: strings ended by NUL (LF below protocol 30) up to an empty one, and
 * the second block that secluded arguments announce (docs/spec/session.md §4.7), which is in UTF-8 where
 * the client converts names.
 */
export async function readServerArguments(
  channel: TextChannel,
  protocol: number,
  charset?: Charset,
): Promise<ServerArguments> {
  const first = await channel.readArguments(protocol >= 30);
  if (!asksForSecludedArguments(first)) return { args: unescapeOptions(first), secluded: false };
  const second = await channel.readArguments(true);
  const converts = charset !== undefined && first.some((arg) => arg.startsWith('--iconv='));
  // Its first string is the program's name.
  const rest = second.slice(1).map((arg) => (converts ? charset.textFromUtf8(arg) : arg));
  return { args: [...first, ...rest], secluded: true };
}

/** `s` among the bundled letters; `e` takes the rest of its word. */
function asksForSecludedArguments(args: readonly string[]): boolean {
  return args.some((arg) =>
    arg.startsWith('--')
      ? arg === '--secluded-args' || arg === '--protect-args'
      : /^-[^e]*s/.test(arg),
  );
}

/** Clients escape option strings as for a shell; the paths behind the `.` keep their escapes. */
function unescapeOptions(args: readonly string[]): string[] {
  const dot = args.indexOf('.');
  return args.map((arg, i) => (dot < 0 || i < dot ? unquoteArgument(arg) : arg));
}

/** Options in force, and why the transfer is refused although they were understood so far. */
export interface CheckedArguments {
  readonly options: RsyncOptions;
  readonly reject: { readonly text: string; readonly exitCode: number } | undefined;
}

/**
 * Parse the arguments and apply `refuse options`. A refusal still needs options for the binary
 * handshake that comes first: those before the offending one, as rsync's parser stops there.
 */
export function checkArguments(
  args: readonly string[],
  refuse: string,
  hasCharset: boolean = false,
): CheckedArguments {
  if (args.some((arg) => /^--(daemon|config|dparam|detach|no-detach)\b/.test(arg))) {
    const text = 'rsync: Attempt to hack rsync thwarted!\n';
    return { options: parseServerArguments(['--server']), reject: { text, exitCode: 1 } };
  }
  const refusal = findRefusal(args, refusedOptions(refuse, hasCharset));
  if (refusal !== undefined) {
    const text = `rsync: ${refusal.message}\n`;
    return { options: understood(args, refusal.index), reject: { text, exitCode: 4 } };
  }
  try {
    const context = { env: process.env, platform: platformSupport };
    return { options: parseServerArguments(args, [], context), reject: undefined };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const text = `${error.message}\n`;
    return { options: understood(args, args.length), reject: { text, exitCode: 4 } };
  }
}

/** Options before the offending one, and one behind it: a client may wait for names from here. */
function understood(args: readonly string[], end: number): RsyncOptions {
  const options = longestPrefix(args.slice(0, end));
  const at = args.findIndex((arg) => /^--files-from(=|$)/.test(arg));
  const [, ...value] = args[at]?.split('=') ?? [];
  if (at >= 0) options.filesFrom = value.length > 0 ? value.join('=') : (args[at + 1] ?? '');
  return options;
}

/** The options of as many leading arguments as can be understood. */
function longestPrefix(args: readonly string[]): RsyncOptions {
  for (let length = args.length; length > 1; length--) {
    try {
      return parseServerArguments(args.slice(0, length));
    } catch {
      // The argument that is not understood lies further in front.
    }
  }
  return parseServerArguments(['--server']);
}

/** Lower the output levels to what `max verbosity` allows. */
export function capVerbosity(options: RsyncOptions, maximum: number): RsyncOptions {
  const most = Math.max(0, maximum);
  const bundle = most === 0 ? [] : [`-${'v'.repeat(most)}`];
  const allowed = parseServerArguments(['--server', ...bundle, '.']);
  return {
    ...options,
    verbose: Math.min(options.verbose, most),
    infoLevels: capped(options.infoLevels, allowed.infoLevels),
    debugLevels: capped(options.debugLevels, allowed.debugLevels),
  };
}

function capped(levels: InfoLevels, most: InfoLevels): InfoLevels {
  const entries = Object.entries(levels);
  return Object.fromEntries(entries.map(([word, n]) => [word, Math.min(n, most[word] ?? 0)]));
}
