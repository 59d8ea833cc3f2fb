import { checkChmod } from './chmod-syntax.ts';
import { OptionError } from './option-error.ts';
import type { Apply, Draft } from './option-row.ts';
import type { AlternateKind, FilterDirective, RsyncOptions } from './options.ts';
import { parseBandwidth, parseSizeOption } from './sizes.ts';
import { parseStopAfter, parseStopAt } from './stop-time.ts';
import { addVerbosityWords, DEBUG_FAMILY, INFO_FAMILY } from './verbosity.ts';

type FieldOf<T> = {
  [K in keyof RsyncOptions]-?: T extends Exclude<RsyncOptions[K], undefined> ? K : never;
}[keyof RsyncOptions];

/** Count occurrences, up to `max`. */
export const count =
  (field: FieldOf<number>, max: number = Number.MAX_SAFE_INTEGER): Apply =>
  ({ options }) => {
    (options as Record<FieldOf<number>, number>)[field] = Math.min((options[field] ?? 0) + 1, max);
  };

/** Set a number that the command line does not spell. */
export const assign =
  (field: FieldOf<number>, value: number): Apply =>
  ({ options }) => {
    (options as Record<FieldOf<number>, number>)[field] = value;
  };

/** Store a value that was checked to be an integer. */
export const integer =
  (field: FieldOf<number>): Apply =>
  ({ options }, value) => {
    (options as Record<FieldOf<number>, number>)[field] = parseInteger(value);
  };

/** Store a value as it is. */
export const text =
  (field: FieldOf<string>): Apply =>
  ({ options }, value) => {
    (options as Record<FieldOf<string>, string>)[field] = value;
  };

/** Store a size in bytes. */
export const size =
  (field: FieldOf<number>, option: string): Apply =>
  ({ options }, value) => {
    (options as Record<FieldOf<number>, number>)[field] = parseSizeOption(option, value);
  };

/** Store an integer that must be at least `least` (Deltawire's own options). */
export const atLeast =
  (least: number, field: FieldOf<number>, option: string): Apply =>
  ({ options }, value) => {
    const number = parseInteger(value);
    if (number < least) {
      throw new OptionError(
        `rsync: ${option}=${value} is too small (min: ${least})`,
        'INVALID_VALUE',
      );
    }
    (options as Record<FieldOf<number>, number>)[field] = number;
  };

/** The value of text that passed the integer check: decimal, `0x` hex or `0` octal; empty is 0. */
export function parseInteger(value: string): number {
  const [, sign, digits = ''] = /^\s*([-+]?)(.*)$/s.exec(value)!;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return sign === '-' ? 0 - Number(octal) : Number(octal);
}

/** `-a`. Recursion that was asked for with `-r` stays explicit. */
export const archive: Apply = (draft) => {
  if (draft.recursion === 'no') draft.recursion = 'archive';
  const o = draft.options;
  o.links = o.perms = o.times = o.group = o.owner = o.devices = o.specials = true;
};

export const recurse =
  (recursion: Draft['recursion']): Apply =>
  (draft) => {
    draft.recursion = recursion;
  };

export const relative =
  (value: boolean): Apply =>
  (draft) => {
    draft.relative = value;
  };

export const dirs =
  (value: Draft['dirs']): Apply =>
  (draft) => {
    draft.dirs = value;
  };

export const devicesAndSpecials =
  (value: boolean): Apply =>
  ({ options }) => {
    options.devices = options.specials = value;
  };

export const keepCreationTimes: Apply = ({ options, hasCrtimes }) => {
  if (!hasCrtimes) {
    throw new OptionError('rsync: This rsync does not support --crtimes (-N)', 'NOT_SUPPORTED');
  }
  options.crtimes = true;
};

/** `-A`, which implies `-p`. */
export const keepAcls: Apply = ({ options, platform, isServer }) => {
  if (!platform.acls()) {
    const where = isServer ? 'server' : 'client';
    throw new OptionError(`rsync: ACLs are not supported on this ${where}`, 'NOT_SUPPORTED');
  }
  options.acls = options.perms = true;
};

export const preallocate: Apply = ({ options, platform, isServer }) => {
  if (!platform.preallocation()) {
    const where = isServer ? 'server' : 'client';
    const message = `rsync: preallocation is not supported on this ${where}`;
    throw new OptionError(message, 'NOT_SUPPORTED');
  }
  options.preallocate = true;
};

/** `-X`, or `-XX`. */
export const keepXattrs: Apply = (draft) => {
  requireXattrs(draft);
  const { options } = draft;
  options.xattrs = Math.min(options.xattrs + 1, 2);
};

function requireXattrs({ platform, isServer }: Draft): void {
  if (platform.xattrs()) return;
  const where = isServer ? 'server' : 'client';
  const message = `rsync: extended attributes are not supported on this ${where}`;
  throw new OptionError(message, 'NOT_SUPPORTED');
}

/** `--super`, `--no-super`: of these and `--fake-super` the last one counts. */
export const setSuperUser =
  (value: boolean): Apply =>
  ({ options }) => {
    options.superUser = value;
    options.fakeSuper = false;
  };

export const fakeSuperUser: Apply = (draft) => {
  requireXattrs(draft);
  draft.options.superUser = undefined;
  draft.options.fakeSuper = true;
};

/** `-P`. */
export const partialAndProgress: Apply = ({ options }) => {
  options.partial = options.progress = true;
};

export const requestDeletion: Apply = (draft) => {
  draft.deleteRequested = true;
};

export const deleteWhen =
  (when: 'before' | 'during' | 'delay' | 'after'): Apply =>
  ({ deleteWhen }) => {
    // Of these two the later one counts; all others exclude each other.
    if (when === 'during') deleteWhen.delete('delay');
    if (when === 'delay') deleteWhen.delete('during');
    deleteWhen.add(when);
  };

/** Negative limits mean 0: delete nothing, and warn. */
export const setMaxDelete: Apply = ({ options }, value) => {
  options.maxDelete = Math.max(parseInteger(value), 0);
};

export const setModifyWindow: Apply = ({ options }, value) => {
  options.modifyWindow = parseInteger(value);
  options.modifyWindowRequested = true;
};

/** The largest block depends on the protocol forced so far: order on the command line matters. */
export const setBlockSize: Apply = ({ options }, value) => {
  const max = options.protocol < 30 ? 2 ** 29 : 2 ** 17;
  options.blockSize = parseSizeOption('--block-size', value, { max });
};

export const setBandwidth: Apply = ({ options }, value) => {
  options.bwlimit = parseBandwidth(value);
};

export const stopAfter: Apply = ({ options, now }, value) => {
  options.stopAt = parseStopAfter(value, now);
};

export const stopAt: Apply = ({ options, now }, value) => {
  options.stopAt = parseStopAt(value, now);
};

export const addChmod: Apply = ({ options }, value) => {
  checkChmod(value);
  options.chmod = options.chmod === '' ? value : `${options.chmod},${value}`;
};

export const setSuffix: Apply = (draft, value) => {
  draft.suffix = value;
};

export const removeSource =
  (sent: boolean): Apply =>
  ({ options }) => {
    options.removeSourceFiles = true;
    options.removeSentFiles = sent;
  };

/** rsync's own limit. */
const MAX_ALTERNATES = 20;

/** `--compare-dest`, `--copy-dest` and `--link-dest` exclude each other. */
export const addAlternate =
  (kind: AlternateKind): Apply =>
  ({ options }, value) => {
    const prior = options.altDest;
    if (prior !== undefined && prior !== kind) {
      throw new OptionError(
        `rsync: ERROR: the --${kind}-dest option conflicts with the --${prior}-dest option`,
        'CONFLICT',
      );
    }
    options.altDest = kind;
    if (options.altDestDirs.length === MAX_ALTERNATES) {
      throw new OptionError(
        `rsync: ERROR: at most ${MAX_ALTERNATES} --${kind}-dest args may be specified`,
        'INVALID_VALUE',
      );
    }
    options.altDestDirs.push(value);
  };

/** On a client a choice, on a server (which gets it once or twice) a number. */
export const append: Apply = ({ options, isServer }) => {
  options.append = isServer ? Math.min(options.append + 1, 2) : 1;
};

/** Of both kinds the one that deletes counts. */
export const missingArgs =
  (kind: 1 | 2): Apply =>
  ({ options }) => {
    options.missingArgs = Math.max(options.missingArgs, kind);
  };

/** Checked at the end of the command line, when the last one is known. */
export const chooseChecksum: Apply = (draft, value) => {
  draft.checksumChoice = value;
};

/** `-z`: how often counts. */
export const compress: Apply = (draft) => {
  draft.compressCount++;
};

/** `--no-z` takes a choice back, too, but not a level. */
export const doNotCompress: Apply = (draft) => {
  draft.compressCount = 0;
  draft.compressChoice = undefined;
};

/** Checked at the end of the command line, when the last one is known. */
export const chooseCompressor: Apply = (draft, value) => {
  draft.compressChoice = value;
};

/** An option that is another way to name a compressor. */
export const compressor =
  (name: string): Apply =>
  (draft) => {
    draft.compressChoice = name;
  };

/** The smallest number stands for "not given". */
export const setCompressLevel: Apply = ({ options }, value) => {
  const level = parseInteger(value);
  if (level === -(2 ** 31)) delete options.compressLevel;
  else options.compressLevel = level;
};

/** Checked and then unused: one thread compresses. */
export const ignore: Apply = () => {};

export const addInfo: Apply = ({ options, isServer }, value) => {
  if (addVerbosityWords(INFO_FAMILY, value, options.info, isServer)) options.show = 'info-help';
};

export const addDebug: Apply = ({ options, isServer }, value) => {
  if (addVerbosityWords(DEBUG_FAMILY, value, options.debug, isServer)) options.show = 'debug-help';
};

/** Only the first letter counts. */
export const setOutputBuffer: Apply = ({ options }, value) => {
  const mode = value.slice(0, 1).toUpperCase();
  if (mode !== 'N' && mode !== 'L' && mode !== 'B') {
    const message = 'rsync: Invalid --outbuf setting -- specify N, L, or B.';
    throw new OptionError(message, 'INVALID_VALUE');
  }
  options.outputBuffer = mode;
};

/** The mode may be shortened down to its first letter. */
export const setStderr: Apply = ({ options }, value) => {
  if (value !== '' && 'errors'.startsWith(value)) options.msgs2stderr = undefined;
  else if (value !== '' && 'all'.startsWith(value)) options.msgs2stderr = true;
  else if (value !== '' && 'client'.startsWith(value)) options.msgs2stderr = false;
  else {
    throw new OptionError(
      `rsync: --stderr mode "${value}" is not one of errors, all, or client`,
      'INVALID_VALUE',
    );
  }
};

/** On a server `-e` carries the client's capabilities (docs/spec/session.md §3.4). */
export const setRemoteShell: Apply = ({ options, isServer }, value) => {
  if (isServer) options.clientInfo = value;
  else options.rsh = value;
};

/** On a client an old name of `--out-format`, on a server what the client wants itemized. */
export const setLogFormat: Apply = ({ options, isServer }, value) => {
  if (isServer) options.logFormat = value;
  else options.outFormat = value;
};

export const addRemoteOption: Apply = ({ options }, value) => {
  if (!value.startsWith('-')) {
    throw new OptionError(`rsync: Remote option must start with a dash: ${value}`, 'INVALID_VALUE');
  }
  options.remoteOptions.push(value);
};

/** Both write to one file: the later one counts. A server only hears that it changes nothing. */
export const writeBatch =
  (only: boolean): Apply =>
  ({ options }, value) => {
    options.writeBatch = value;
    options.onlyWriteBatch = only;
  };

const once = (option: string): OptionError =>
  new OptionError(`rsync: You can only specify ${option} once.`, 'CONFLICT');
const conflict = (option: string, prior: string): OptionError =>
  new OptionError(`rsync: ${option} conflicts with prior ${prior}.`, 'CONFLICT');

/** A map turns the preserving of ids on, until a later `--no-owner` or `--no-group`. */
function mapUsers({ options }: Draft, map: string): void {
  options.userMap = map;
  options.owner = true;
}

function mapGroups({ options }: Draft, map: string): void {
  options.groupMap = map;
  options.group = true;
}

export const setUserMap: Apply = (draft, value) => {
  if (draft.userMapFrom === '--usermap') throw once('--usermap');
  if (draft.userMapFrom !== undefined) throw conflict('--usermap', draft.userMapFrom);
  draft.userMapFrom = '--usermap';
  mapUsers(draft, value);
};

export const setGroupMap: Apply = (draft, value) => {
  if (draft.groupMapFrom === '--groupmap') throw once('--groupmap');
  if (draft.groupMapFrom !== undefined) throw conflict('--groupmap', draft.groupMapFrom);
  draft.groupMapFrom = '--groupmap';
  mapGroups(draft, value);
};

/** `--chown=USER:GROUP` is `--usermap=*:USER` and `--groupmap=*:GROUP`. */
export const chown: Apply = (draft, value) => {
  const colon = value.indexOf(':');
  const user = colon < 0 ? value : value.slice(0, colon);
  const group = colon < 0 ? '' : value.slice(colon + 1);
  if (user !== '') {
    if (draft.userMapFrom === '--usermap') throw conflict('--chown', '--usermap');
    if (draft.userMapFrom !== undefined) throw once('a user-affecting --chown');
    draft.userMapFrom = '--chown';
    mapUsers(draft, `*:${user}`);
  }
  if (group !== '') {
    if (draft.groupMapFrom === '--groupmap') throw conflict('--chown', '--groupmap');
    if (draft.groupMapFrom !== undefined) throw once('a group-affecting --chown');
    draft.groupMapFrom = '--chown';
    mapGroups(draft, `*:${group}`);
  }
};

const addFilter =
  (make: (value: string) => FilterDirective): Apply =>
  ({ options }, value) => {
    options.filters.push(make(value));
  };

export const filterRule: Apply = addFilter((rule) => ({ kind: 'filter', text: rule }));
export const excludePattern: Apply = addFilter((pattern) => ({ kind: 'exclude', pattern }));
export const includePattern: Apply = addFilter((pattern) => ({ kind: 'include', pattern }));
export const excludeFrom: Apply = addFilter((path) => ({ kind: 'exclude-from', path }));
export const includeFrom: Apply = addFilter((path) => ({ kind: 'include-from', path }));

/** The first `-F` reads `.rsync-filter` files, the second hides them; more change nothing. */
export const perDirectoryFilter: Apply = (draft) => {
  draft.perDirFilters++;
  if (draft.perDirFilters === 1) draft.options.filters.push({ kind: 'per-dir' });
  if (draft.perDirFilters === 2) draft.options.filters.push({ kind: 'per-dir-hide' });
};

export const increaseOldArgs: Apply = (draft) => {
  draft.oldArgs = Math.min((draft.oldArgs ?? 0) + 1, 2);
};

export const clearOldArgs: Apply = (draft) => {
  draft.oldArgs = 0;
};

export const secludeArgs =
  (value: boolean): Apply =>
  (draft) => {
    draft.secludedArgs = value;
  };

export const preferFamily =
  (family: 4 | 6): Apply =>
  ({ options }) => {
    options.ipFamily = family;
  };

export const countVersion: Apply = (draft) => {
  draft.versions++;
};

export const requestHelp: Apply = (draft) => {
  draft.helpRequested = true;
};

export const becomeServer: Apply = (draft) => {
  draft.isServer = true;
  draft.options.server = true;
};

export const addDaemonParameter: Apply = ({ options }, value) => {
  if (!value.includes('=')) {
    throw new OptionError(`--dparam value is missing an '=': ${value}`, 'INVALID_VALUE');
  }
  options.dparam.push(value);
};

/** A daemon option that is another way to write one parameter. */
export const daemonParameter =
  (name: string): Apply =>
  ({ options }, value) => {
    options.dparam.push(`${name}=${value}`);
  };
