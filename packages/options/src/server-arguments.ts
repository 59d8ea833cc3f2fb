import { splitCharsets } from './charsets.ts';
import { parseFilesFrom } from './files-from.ts';
import type { RsyncOptions } from './options.ts';
import { quoteOptionValue, quotePath } from './quote.ts';
import { formatSize } from './sizes.ts';
import { infoArgument } from './verbosity.ts';

/** What a server is asked to do. */
export interface ServerRequest {
  /** The client sends: the server receives. */
  readonly amSender: boolean;
  /** Remote paths as the user wrote them, without host. */
  readonly paths: readonly string[];
  /** How the arguments travel. @default 'shell' */
  readonly transport?: 'shell' | 'daemon';
}

/** The server's arguments, ready to send. */
export interface ServerArguments {
  /** For the remote command line or the daemon's first block, from `--server` on. */
  readonly argv: readonly string[];
  /**
   * With secluded args: what follows over stdin or as the daemon's second block, unescaped and
   * without the leading program name (docs/spec/session.md §3.6).
   */
  readonly secluded?: readonly string[];
}

/** Most `-v` letters that are sent. */
const MAX_VERBOSE_LETTERS = 9;
/** Clients of this protocol or newer send their capabilities. */
const FIRST_WITH_CAPABILITIES = 30;

/**
 * Arguments for the server of a transfer, in rsync's order and quoted for their transport
 * (docs/spec/session.md §3.3-3.6, §4.7).
 */
export function serverArguments(options: RsyncOptions, request: ServerRequest): ServerArguments {
  const { amSender } = request;
  const front = ['--server'];
  if (!amSender) front.push('--sender');
  const letters = shortOptions(options, amSender);
  if (letters !== '') front.push(`-${letters}`);
  const quoteOptions = options.oldArgs < 2;
  const { remote: charset } = splitCharsets(options.iconv);
  if (charset !== undefined) {
    front.push(`--iconv=${quoteOptions ? quoteOptionValue(charset) : charset}`);
  }
  const long = longOptions(options, amSender);
  const paths = request.paths.map(asOperand);
  if (options.secludedArgs) {
    const rest = [...long.map(({ text }) => text), ...options.remoteOptions, '.', ...paths];
    return { argv: front, secluded: rest };
  }
  const quoted = long.map((a) =>
    quoteOptions && a.quote ? a.prefix + quoteOptionValue(a.value) : a.text,
  );
  const remote = options.remoteOptions.map((text) =>
    options.oldArgs > 0 ? text : quoteOptionValue(text),
  );
  return {
    argv: [...front, ...quoted, ...remote, '.', ...quotePaths(paths, options, request)],
  };
}

/** An empty path is the default directory, and none may look like an option. */
function asOperand(path: string): string {
  if (path === '') return '.';
  return path.startsWith('-') ? `./${path}` : path;
}

function quotePaths(
  paths: readonly string[],
  options: RsyncOptions,
  { amSender, transport }: ServerRequest,
): string[] {
  if (options.oldArgs > 0) return [...paths];
  if (transport === 'daemon') return paths.map(protectModuleSplit);
  const listIsRemote =
    options.filesFrom !== undefined && parseFilesFrom(options.filesFrom).kind === 'remote';
  return paths.map((path) => {
    // A sender could answer with the names of another home directory than the one that was meant.
    const nameIsChecked = !path.includes('/') || (options.relative && !path.includes('/./'));
    const escapes = !amSender && !options.trustSender && !listIsRemote && nameIsChecked;
    return quotePath(path, escapes ? 'escape' : 'keep');
  });
}

/** Old daemons split a path at every ` MODULE/`: hide the space of such places in brackets. */
function protectModuleSplit(path: string): string {
  const slash = path.indexOf('/');
  const module = slash < 0 ? path : path.slice(0, slash);
  return path.replaceAll(` ${module}/`, `[ ]${module}/`);
}

/** Whether the client accepts incremental recursion (docs/spec/session.md §3.4). */
function acceptsIncrementalRecursion(o: RsyncOptions, amSender: boolean): boolean {
  if (!o.recursive || !o.incRecursive) return false;
  if (amSender) return true;
  const deletesAside = o.deleteMode === 'before' || o.deleteMode === 'after';
  return !deletesAside && !o.pruneEmptyDirs && !o.delayUpdates;
}

/** The bundled short-option word without its dash, capabilities last. */
function shortOptions(o: RsyncOptions, amSender: boolean): string {
  const deleting = o.deleteMode !== 'none';
  const dirs = o.dirs && !o.recursive && (o.dirsRequested || o.listOnly || (deleting && amSender));
  const pick = (condition: boolean, letter: string): string => (condition ? letter : '');
  return [
    pick(o.secludedArgs, 's'),
    'v'.repeat(Math.min(o.verbose, MAX_VERBOSE_LETTERS)),
    pick(o.quiet && o.msgs2stderr !== false, 'q'),
    pick(o.backup, 'b'),
    pick(o.update, 'u'),
    pick(o.dryRun, 'n'),
    pick(o.links, 'l'),
    pick(dirs, 'd'),
    pick(amSender && o.keepDirlinks, 'K'),
    pick(amSender && o.pruneEmptyDirs, 'm'),
    pick(amSender && o.omitDirTimes, 'O'),
    pick(amSender && o.omitLinkTimes, 'J'),
    pick(amSender && o.fuzzy > 0, 'y'),
    pick(amSender && o.fuzzy > 1 && o.altDestDirs.length > 0, 'y'),
    pick(!amSender && o.copyLinks, 'L'),
    pick(!amSender && o.copyDirlinks, 'k'),
    pick(o.wholeFile === true, 'W'),
    'H'.repeat(o.hardLinksCount),
    pick(o.owner, 'o'),
    pick(o.group, 'g'),
    pick(o.devices, 'D'),
    pick(o.times, 't'),
    'U'.repeat(o.atimes),
    pick(o.crtimes, 'N'),
    pick(o.perms, 'p'),
    pick(amSender && o.executability && !o.perms, 'E'),
    pick(o.acls, 'A'),
    'X'.repeat(o.xattrs),
    pick(o.recursive, 'r'),
    pick(o.checksum, 'c'),
    pick(o.cvsExclude, 'C'),
    pick(o.ignoreTimes, 'I'),
    pick(o.relative, 'R'),
    'x'.repeat(o.oneFileSystem),
    pick(o.sparse, 'S'),
    pick(o.compress === 'zlib' || (o.compress === 'auto' && o.compressRequested), 'z'),
    o.protocol >= FIRST_WITH_CAPABILITIES
      ? `e.${pick(acceptsIncrementalRecursion(o, amSender), 'i')}LsfxCIvu`
      : '',
  ].join('');
}

/** One long argument; what `quote` marks has a value that a shell could misread. */
interface Argument {
  readonly text: string;
  readonly prefix: string;
  readonly value: string;
  readonly quote: boolean;
}

const plain = (text: string): Argument => ({ text, prefix: '', value: text, quote: false });
const withValue = (prefix: string, value: string): Argument => ({
  text: prefix + value,
  prefix,
  value,
  quote: true,
});

function longOptions(o: RsyncOptions, amSender: boolean): Argument[] {
  const list: Argument[] = [];
  const add = (condition: boolean, text: string): void => {
    if (condition) list.push(plain(text));
  };
  const addValue = (prefix: string, value: string): void => {
    list.push(withValue(prefix, value));
  };
  /** Option and value are two arguments where a remote shell may expand a `~`. */
  const addSplit = (option: string, value: string): void => {
    list.push(plain(option), withValue('', value));
  };
  const push = amSender;
  const deleting = o.deleteMode !== 'none';

  add(o.listOnlyRequested, '--list-only');
  add(push && o.dirs && !o.recursive && deleting, '--no-r');
  add(o.compressLevel !== undefined, `--compress-level=${o.compressLevel}`);
  add(o.devices && !o.specials, '--no-specials');
  add(o.specials && !o.devices, '--specials');
  const logFormat = push ? logFormatFor(o) : undefined;
  if (logFormat !== undefined) list.push(plain(`--log-format=${logFormat}`));
  add(o.msgs2stderr === true, '--msgs2stderr');
  add(o.msgs2stderr === false, '--no-msgs2stderr');
  add(o.blockSize > 0, `-B${o.blockSize}`);
  add(o.timeout > 0, `--timeout=${o.timeout}`);
  add(o.bwlimit > 0, `--bwlimit=${o.bwlimit}`);
  if (o.backupDir !== undefined) addSplit('--backup-dir', o.backupDir);
  if (o.suffix !== defaultSuffix(o)) addValue('--suffix=', o.suffix);
  if (o.checksumChoice !== undefined) addValue('--checksum-choice=', o.checksumChoice.text);
  if (o.compress === 'zlib') add(true, '--old-compress');
  else if (o.compress === 'zlibx') add(true, '--new-compress');
  else if (o.compressText !== undefined) addValue('--compress-choice=', o.compressText);
  if (!push && o.skipCompress !== undefined) addValue('--skip-compress=', o.skipCompress);
  if (push) {
    add(o.maxDelete >= 0, `--max-delete=${o.maxDelete > 0 ? o.maxDelete : -1}`);
    if (o.minSize >= 0) list.push(plain(`--min-size=${formatSize(o.minSize)}`));
    if (o.maxSize >= 0) list.push(plain(`--max-size=${formatSize(o.maxSize)}`));
    add(o.deleteMode === 'default' && !o.deleteExcluded, '--delete');
    add(deleting && o.deleteMode !== 'default', `--delete-${o.deleteMode}`);
    add(o.deleteExcluded, '--delete-excluded');
    add(o.force, '--force');
    add(o.onlyWriteBatch, '--only-write-batch=X');
    add(o.superUser === true, '--super');
    add(o.sizeOnly, '--size-only');
    add(o.stats, '--stats');
  }
  if (o.maxAlloc !== undefined) addValue('--max-alloc=', o.maxAlloc);
  add(o.missingArgs === 2, '--delete-missing-args');
  add(o.missingArgs === 1 && !push, '--ignore-missing-args');
  if (push) {
    add(o.modifyWindowRequested && o.modifyWindow >= 0, `--modify-window=${o.modifyWindow}`);
    add(o.modifyWindow < 0, `-@${o.modifyWindow}`);
  }
  add(o.checksumSeed !== 0, `--checksum-seed=${o.checksumSeed}`);
  if (push) {
    if (o.partialDir !== undefined && o.partialDirRequested) {
      addSplit('--partial-dir', o.partialDir);
    }
    add(o.delayUpdates, '--delay-updates');
    add(o.partial && o.partialDir === undefined && !o.inplace, '--partial');
  }
  add(o.ignoreErrors, '--ignore-errors');
  add(o.copyUnsafeLinks, '--copy-unsafe-links');
  add(o.safeLinks, '--safe-links');
  add(o.numericIds, '--numeric-ids');
  add(o.qsort, '--use-qsort');
  if (push) {
    if (o.userMap !== '') addValue('--usermap=', o.userMap);
    if (o.groupMap !== '') addValue('--groupmap=', o.groupMap);
    add(o.ignoreExisting, '--ignore-existing');
    add(o.existing, '--existing');
    if (o.tempDir !== undefined) addSplit('--temp-dir', o.tempDir);
    add(o.fsync, '--fsync');
    for (const dir of o.altDestDirs) addSplit(`--${o.altDest}-dest`, dir);
  }
  const info = infoArgument(o.info, push ? 'receiver' : 'sender');
  if (info !== undefined) list.push(plain(info));
  add(o.append > 0, '--append');
  add(o.append > 1, '--append');
  add(o.append === 0 && o.inplace, '--inplace');
  add(o.append === 0 && o.inplace && push && o.sparse && o.wholeFile === false, '--no-W');
  list.push(...filesFromArguments(o, amSender));
  add(
    o.relative && !o.impliedDirs && (!push || o.protocol >= FIRST_WITH_CAPABILITIES),
    '--no-implied-dirs',
  );
  add(push && o.writeDevices, '--write-devices');
  add(o.removeSourceFiles, o.removeSentFiles ? '--remove-sent-files' : '--remove-source-files');
  add(!push && o.copyDevices, '--copy-devices');
  add(push && o.preallocate, '--preallocate');
  add(o.openNoatime, '--open-noatime');
  add(push && o.mkpath, '--mkpath');
  return list;
}

/** What `--suffix` is where nobody chose it. */
const defaultSuffix = (o: RsyncOptions): string => (o.backupDir === undefined ? '~' : '');

/** A list on the client's side of a push needs no argument (docs/spec/session.md §7.5). */
function filesFromArguments(o: RsyncOptions, amSender: boolean): Argument[] {
  if (o.filesFrom === undefined) return [];
  const list: Argument[] = [];
  const source = parseFilesFrom(o.filesFrom);
  if (source.kind === 'remote') {
    list.push(plain('--files-from'), withValue('', source.path));
    if (o.from0) list.push(plain('--from0'));
  } else if (amSender) {
    return [];
  } else {
    list.push(plain('--files-from=-'), plain('--from0'));
  }
  if (!o.relative) list.push(plain('--no-relative'));
  return list;
}

/** The format of the lines that a client prints per item, or undefined when it prints none. */
export function effectiveOutFormat(o: RsyncOptions): string | undefined {
  if (o.outFormat !== undefined) return o.outFormat;
  if (o.itemize > 0) return '%i %n%L';
  return (o.infoLevels.name ?? 0) > 0 ? '%n%L' : undefined;
}

/** What `--log-file` is told of each item, or undefined without one. */
export function effectiveLogFormat(o: RsyncOptions): string | undefined {
  return o.logFile === undefined ? undefined : (o.logFileFormat ?? '%i %n%L');
}

/** One escape of a format: quotes, sign and width may stand between `%` and its letter. */
const ESCAPE = /%'*-?[0-9]*'*(.)/gs;

/**
 * How much of the items a client prints: 0 nothing about what they are, 1 itemized, 2 the unchanged
 * ones, too. What counts is `%i` in the format.
 */
export function itemizeLevel(
  o: RsyncOptions,
  format: string | undefined = effectiveOutFormat(o),
): 0 | 1 | 2 {
  const letters = lettersOf(format ?? '');
  if (!letters.includes('i')) return 0;
  return o.itemize > 1 ? 2 : 1;
}

const lettersOf = (format: string): (string | undefined)[] =>
  [...format.matchAll(ESCAPE)].map((match) => match[1]);

/** What a pushing client needs to hear of each item (docs/spec/session.md §9.6). */
function logFormatFor(o: RsyncOptions): string | undefined {
  const format = effectiveOutFormat(o);
  if (format === undefined) return undefined;
  const level = itemizeLevel(o);
  if (level > 0) return level > 1 ? '%i%I' : '%i';
  const letters = lettersOf(format);
  if (letters.includes('o')) return '%o';
  return o.verbose === 0 ? 'X' : undefined;
}
