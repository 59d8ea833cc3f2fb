import { applyBackup } from './backup-options.ts';
import { parseChecksumChoice } from './checksum-choice.ts';
import { resolveCompression } from './compress-choice.ts';
import { CHECKSUMS, COMPRESSORS, environmentNames } from './name-list.ts';
import { OptionError } from './option-error.ts';
import type { Draft } from './option-row.ts';
import type { DeleteMode } from './options.ts';
import { parseSizeOption } from './sizes.ts';
import { applyUpdating } from './updating-options.ts';
import { DEBUG_FAMILY, INFO_FAMILY, resolveLevels } from './verbosity.ts';

/**
 * Complete a draft once the whole command line was read: what options imply, what the environment
 * adds, and which combinations are errors. Checks come in rsync's order, so that of two mistakes the
 * same one is reported.
 */
export function applyRules(draft: Draft): void {
  const o = draft.options;
  if (!draft.isServer) applyEnvironment(draft);
  if (o.iconv === '-') delete o.iconv;
  if (draft.secludedArgs && (draft.oldArgs ?? 0) > 0) {
    throw new OptionError('rsync: --secluded-args conflicts with --old-args.', 'CONFLICT');
  }
  o.secludedArgs = draft.secludedArgs ?? false;
  o.oldArgs = (draft.oldArgs ?? 0) as 0 | 1 | 2;

  checkMaxAlloc(draft);
  chooseChecksum(draft);
  chooseCompressor(draft);
  if (o.checksumChoice?.transfer === 'none') o.wholeFile = true;
  o.listOnly =
    o.listOnlyRequested ||
    (!draft.isServer &&
      o.args.length === 1 &&
      o.filesFrom === undefined &&
      o.readBatch === undefined);
  applyRecursion(draft);
  applyDeletion(draft);
  o.hardLinks = o.hardLinksCount > 0;
  if (o.fakeSuper && o.xattrs > 1) {
    throw new OptionError('rsync: --fake-super conflicts with -XX', 'CONFLICT');
  }
  if (o.insecureLinks && o.confineRoot !== undefined) {
    const message = 'rsync: --insecure-links cannot be combined with --confine-root';
    throw new OptionError(message, 'CONFLICT');
  }
  applyBackup(draft);
  applyUpdating(draft);
  if (o.cvsExclude) o.filters.push({ kind: 'cvs' });
  applyBatch(draft);
  if (o.timeout < 0) o.timeout = 0;
  checkProtocol(draft);
  applyVerbosity(draft);
}

/** Defaults of the client from the environment (docs/spec/session.md §3.8). */
function applyEnvironment(draft: Draft): void {
  const { env } = draft;
  const number = (text: string | undefined): number => Number.parseInt(text ?? '', 10) || 0;
  // Any setting of the first variable, even to 0, hides the second.
  if (draft.oldArgs === undefined && !draft.secludedArgs && env.RSYNC_OLD_ARGS) {
    draft.oldArgs = Math.min(Math.max(number(env.RSYNC_OLD_ARGS), 0), 2);
  } else if (!draft.oldArgs && draft.secludedArgs === undefined) {
    draft.secludedArgs = number(env.RSYNC_PROTECT_ARGS) !== 0;
  }
  if (env.RSYNC_ICONV) draft.options.iconv ??= textBytes(env.RSYNC_ICONV);
}

/** Charset names are ASCII; whatever else there is need only be a byte string. */
const textBytes = (text: string): string => text.replace(/[^\0-\xff]/g, '?');

const MEBIBYTE = 2 ** 20;
const DEFAULT_MAX_ALLOC = 1024 * MEBIBYTE;

/** The default needs not be told. */
function checkMaxAlloc({ options, env, isServer }: Draft): void {
  const text = options.maxAlloc ?? (isServer ? undefined : env.RSYNC_MAX_ALLOC || undefined);
  if (text === undefined) return;
  const size = parseSizeOption('--max-alloc', text, { min: MEBIBYTE, zeroIsUnlimited: true });
  if (size === DEFAULT_MAX_ALLOC) delete options.maxAlloc;
  else options.maxAlloc = text;
}

/** Only the last `--checksum-choice` is looked at. */
function chooseChecksum({ options, checksumChoice, env, isServer }: Draft): void {
  const choice = checksumChoice === undefined ? undefined : parseChecksumChoice(checksumChoice);
  if (choice !== undefined) options.checksumChoice = choice;
  const names = environmentNames(env.RSYNC_CHECKSUM_LIST, isServer, CHECKSUMS);
  if (names !== undefined) options.checksumList = names;
}

function chooseCompressor(draft: Draft): void {
  const { options, compressCount, compressChoice, env } = draft;
  const chosen = resolveCompression({
    count: compressCount,
    choice: compressChoice,
    level: options.compressLevel,
  });
  options.compressRequested = compressCount > 0;
  if (chosen !== undefined) options.compress = chosen.name;
  if (chosen?.text !== undefined) options.compressText = chosen.text;
  const names = environmentNames(env.RSYNC_COMPRESS_LIST, draft.isServer, COMPRESSORS);
  if (names !== undefined) options.compressList = names;
}

/** What a batch holds has no place for names of newer sums and compressors (docs/spec/data.md §11). */
function applyBatch({ options, isServer }: Draft): void {
  if (isServer) {
    delete options.writeBatch;
    delete options.readBatch;
    return;
  }
  const { writeBatch, readBatch, filesFrom, dryRun } = options;
  if (writeBatch !== undefined && readBatch !== undefined) {
    const message = 'rsync: --write-batch and --read-batch can not be used together';
    throw new OptionError(message, 'CONFLICT');
  }
  if (readBatch !== undefined && filesFrom !== undefined) {
    throw new OptionError('rsync: --read-batch cannot be used with --files-from', 'CONFLICT');
  }
  if ((writeBatch ?? readBatch ?? '').length > BATCH_NAME_MAX) {
    const message = `rsync: the batch-file name must be ${BATCH_NAME_MAX} characters or less.`;
    throw new OptionError(message, 'INVALID_VALUE');
  }
  if (dryRun) {
    delete options.writeBatch;
    options.onlyWriteBatch = false;
  } else if (writeBatch !== undefined) {
    options.checksumList = ['md5'];
    options.compressList = ['zlib'];
  }
}

/**
 * `--files-from` cancels the recursion of `-a` and turns on `--relative` and `--dirs`. `--old-dirs`
 * is recursion that excludes whatever lies deeper, behind all rules of the command line.
 */
function applyRecursion(draft: Draft): void {
  const { options } = draft;
  if (draft.dirs === 'old') {
    draft.recursion = 'explicit';
    options.filters.push({ kind: 'exclude', pattern: '/*/*' });
  }
  if (options.qsort) options.incRecursive = false;
  const fromList = options.filesFrom !== undefined;
  options.recursive =
    draft.recursion === 'explicit' || (draft.recursion === 'archive' && !fromList);
  options.relative = draft.relative ?? fromList;
  options.dirsRequested = draft.dirs === 'yes' || draft.dirs === 'old';
  options.dirs = draft.dirs === undefined ? fromList || options.listOnly : draft.dirs !== 'no';
}

function applyDeletion(draft: Draft): void {
  const { options, deleteWhen } = draft;
  if (deleteWhen.size > 1) {
    throw new OptionError('rsync: You may not combine multiple --delete-WHEN options.', 'CONFLICT');
  }
  const [when] = deleteWhen;
  const wanted = draft.deleteRequested || options.deleteExcluded;
  const mode: DeleteMode = when ?? (wanted ? 'default' : 'none');
  options.deleteMode = mode;
  if (mode !== 'none' && !options.recursive && !options.dirs) {
    throw new OptionError(
      'rsync: --delete does not work without --recursive (-r) or --dirs (-d).',
      'CONFLICT',
    );
  }
}

/** Longest name of a batch, bytes. */
const BATCH_NAME_MAX = 256;

/** Oldest and newest protocol of this implementation. */
const PROTOCOLS = { min: 27, max: 32 } as const;

function checkProtocol({ options, isServer }: Draft): void {
  const who = isServer ? 'Server' : 'Client';
  const { protocol } = options;
  if (protocol > PROTOCOLS.max) {
    const message = `--protocol must be no more than ${PROTOCOLS.max} on the ${who}.`;
    throw new OptionError(message, 'INVALID_VALUE', 2);
  }
  if (protocol < PROTOCOLS.min) {
    const message = `--protocol must be at least ${PROTOCOLS.min} on the ${who}.`;
    throw new OptionError(message, 'INVALID_VALUE', 2);
  }
}

function applyVerbosity({ options }: Draft): void {
  const atLeast = {
    ...(options.progress ? { name: 1, flist: 2, progress: 1 } : {}),
    ...(options.stats ? { stats: 2 } : {}),
  };
  options.infoLevels = resolveLevels(INFO_FAMILY, options.verbose, options.info, atLeast);
  options.debugLevels = resolveLevels(DEBUG_FAMILY, options.verbose, options.debug);
}
