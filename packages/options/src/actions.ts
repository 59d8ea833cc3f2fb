import { checkChmod } from './chmod-syntax.ts';
import { parseInteger } from './field-actions.ts';
import { OptionError } from './option-error.ts';
import type { Apply, Draft } from './option-row.ts';
import type { AlternateKind } from './options.ts';
import { parseBandwidth, parseSizeOption } from './sizes.ts';
import { parseStopAfter, parseStopAt } from './stop-time.ts';
import { addVerbosityWords, DEBUG_FAMILY, INFO_FAMILY } from './verbosity.ts';

/** `--no-iconv`, which the environment does not override. */
export const noIconv: Apply = ({ options }) => {
  options.iconv = '-';
};

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

/** What the platform lacks, in rsync's words. */
const lacking = (what: string, { isServer }: Draft): OptionError =>
  new OptionError(
    `rsync: ${what} not supported on this ${isServer ? 'server' : 'client'}`,
    'NOT_SUPPORTED',
  );

/** `-A`, which implies `-p`. */
export const keepAcls: Apply = (draft) => {
  if (!draft.platform.acls()) throw lacking('ACLs are', draft);
  draft.options.acls = draft.options.perms = true;
};

export const preallocate: Apply = (draft) => {
  if (!draft.platform.preallocation()) throw lacking('preallocation is', draft);
  draft.options.preallocate = true;
};

/** `-X`, or `-XX`. */
export const keepXattrs: Apply = (draft) => {
  requireXattrs(draft);
  const { options } = draft;
  options.xattrs = Math.min(options.xattrs + 1, 2);
};

function requireXattrs(draft: Draft): void {
  if (!draft.platform.xattrs()) throw lacking('extended attributes are', draft);
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

/** Checked at once, as rsync does. */
export const setConfineRoot: Apply = ({ options }, value) => {
  if (!value.startsWith('/')) {
    throw new OptionError('rsync: --confine-root must be an absolute path', 'INVALID_VALUE');
  }
  options.confineRoot = value;
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
