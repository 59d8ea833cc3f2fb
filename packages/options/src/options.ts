import type { InfoLevels } from './verbosity.ts';

/** When files that the sender does not have are removed from the destination. */
export type DeleteMode = 'none' | 'default' | 'before' | 'during' | 'delay' | 'after';

/** What is done with files that an alternate directory has already. */
export type AlternateKind = 'compare' | 'copy' | 'link';

/** One filter option as it stood on the command line; the filters package gives it meaning. */
export type FilterDirective =
  | { readonly kind: 'filter'; readonly text: string }
  | { readonly kind: 'exclude'; readonly pattern: string }
  | { readonly kind: 'include'; readonly pattern: string }
  | { readonly kind: 'exclude-from'; readonly path: string }
  | { readonly kind: 'include-from'; readonly path: string }
  | { readonly kind: 'cvs' }
  | { readonly kind: 'per-dir' }
  | { readonly kind: 'per-dir-hide' };

/** Checksums chosen with `--checksum-choice`; `text` is the value as given, for the peer. */
export interface ChecksumChoice {
  /** Canonical name of the sum used during transfers, or `auto`. */
  readonly transfer: string;
  /** Canonical name of the sum that `--checksum` compares, or `auto`. */
  readonly file: string;
  readonly text: string;
}

/** What the program should print and exit with 0 instead of transferring. */
export type ShowRequest =
  | 'help'
  | 'daemon-help'
  | 'version'
  | 'version-json'
  | 'info-help'
  | 'debug-help';

/**
 * A parsed and resolved command line: rsync's long option names in camel case, with everything
 * implied already applied. The first part has the field names of a transfer's options, so a value
 * of this type can be handed to a transfer as it is. All strings are byte strings (one char per
 * byte).
 */
export interface RsyncOptions {
  recursive: boolean;
  /** `--dirs`, given or implied: send directories without descending. */
  dirs: boolean;
  relative: boolean;
  impliedDirs: boolean;
  links: boolean;
  copyLinks: boolean;
  copyDirlinks: boolean;
  keepDirlinks: boolean;
  copyUnsafeLinks: boolean;
  safeLinks: boolean;
  mungeLinks: boolean;
  hardLinks: boolean;
  perms: boolean;
  executability: boolean;
  acls: boolean;
  /** 0, 1 (`-X`) or 2 (`-XX`). */
  xattrs: number;
  times: boolean;
  /** 0, 1 (`-U`) or 2 (`-UU`). */
  atimes: number;
  crtimes: boolean;
  omitDirTimes: boolean;
  omitLinkTimes: boolean;
  owner: boolean;
  group: boolean;
  devices: boolean;
  specials: boolean;
  dropD: boolean;
  /** Links of other users are followed in paths that the command line names. */
  insecureLinks: boolean;
  /** `--confine-root`, absolute. */
  confineRoot?: string;
  numericIds: boolean;
  /** `--super` (true), `--no-super` (false), or neither. */
  superUser: boolean | undefined;
  /** `--fake-super`, unless `--super` or `--no-super` came behind it. */
  fakeSuper: boolean;
  /** Every `--chmod`, joined with commas; empty for none. Already checked. */
  chmod: string;
  /** `--usermap`, or `*:USER` from `--chown`; empty for none. */
  userMap: string;
  groupMap: string;
  /** 0, 1 (`-x`) or 2 (`-xx`). */
  oneFileSystem: number;
  checksum: boolean;
  update: boolean;
  ignoreTimes: boolean;
  sizeOnly: boolean;
  /** Seconds; negative compares nanoseconds too. @default 0 */
  modifyWindow: number;
  existing: boolean;
  ignoreExisting: boolean;
  /** Bytes; -1 for no limit. */
  maxSize: number;
  /** Bytes; -1 for no limit. */
  minSize: number;
  pruneEmptyDirs: boolean;
  dryRun: boolean;
  /** `--list-only`, given or implied by a missing destination. */
  listOnly: boolean;
  wholeFile: boolean | undefined;
  /** Bytes; 0 lets the file's length decide. */
  blockSize: number;
  inplace: boolean;
  openNoatime: boolean;
  /** `--append` (1) or `--append-verify` (2), 0 for neither. */
  append: number;
  sparse: boolean;
  preallocate: boolean;
  fsync: boolean;
  partial: boolean;
  /** `--partial-dir`, or `.~tmp~` with `--delay-updates`. */
  partialDir?: string;
  delayUpdates: boolean;
  backup: boolean;
  backupDir?: string;
  /** What backups are called, behind the name. */
  suffix: string;
  /** `--ignore-missing-args` (1) or `--delete-missing-args` (2), 0 for neither. */
  missingArgs: number;
  /** The sender removes what has arrived. */
  removeSourceFiles: boolean;
  copyDevices: boolean;
  writeDevices: boolean;
  tempDir?: string;
  /** How `altDestDirs` are used. */
  altDest?: AlternateKind;
  /** `--compare-dest`, `--copy-dest` or `--link-dest`, in order. */
  altDestDirs: string[];
  /** 1 (`-y`), 2 (`-yy`: alternate directories too) or 0. */
  fuzzy: number;
  mkpath: boolean;
  /** KiB per second; 0 for no limit. */
  bwlimit: number;
  /** Seconds; 0 for never. */
  timeout: number;
  /** Milliseconds since the epoch. */
  stopAt?: number;
  deleteMode: DeleteMode;
  deleteExcluded: boolean;
  /** -1 for no limit; a negative number given means 0. */
  maxDelete: number;
  force: boolean;
  ignoreErrors: boolean;
  /** The newest protocol to offer, 27..32. @default 32 */
  protocol: number;
  /** 0 lets the server choose. */
  checksumSeed: number;
  checksumChoice?: ChecksumChoice;
  /**
   * Compression: `auto` negotiates (`-z`), else the canonical name of a compressor or `none`; undefined
   * when nobody asked for any.
   */
  compress?: string;
  /** `--compress-level`; undefined for the compressor's own default. */
  compressLevel?: number;
  /** Names to offer when compressors are negotiated: RSYNC_COMPRESS_LIST, or what a batch can hold. */
  compressList?: string[];
  /** The same for checksums. */
  checksumList?: string[];
  /** Only the batch gets the data: the destination stays as it is. */
  onlyWriteBatch: boolean;
  /** false after `--no-inc-recursive`. */
  incRecursive: boolean;
  cvsExclude: boolean;
  /** Number of `-v`. */
  verbose: number;
  quiet: boolean;
  /** 0, 1 (`-i`) or 2 (`-ii`: unchanged items too). */
  itemize: number;
  /** Resolved output levels by lower-case `--info` word. */
  infoLevels: InfoLevels;
  trustSender: boolean;
  from0: boolean;

  // How the command line said it, where the server's arguments depend on that.

  /** Number of `-H`, up to 2: the peer is told how often, though once is enough. */
  hardLinksCount: number;
  /** `--dirs` was given, not implied. */
  dirsRequested: boolean;
  /** `--qsort`: lists are sorted as always here, but the server hears of it. */
  qsort: boolean;
  /** `--list-only` was given, not implied. */
  listOnlyRequested: boolean;
  /** `--modify-window` was given, even as 0. */
  modifyWindowRequested: boolean;
  /** `--remove-source-files` in its old spelling. */
  removeSentFiles: boolean;
  /** `--partial-dir` was given, not implied. */
  partialDirRequested: boolean;
  /** `-z` was given: compression can also come from a level or a choice. */
  compressRequested: boolean;
  /** The compressor as the command line named it. */
  compressText?: string;
  /** `--skip-compress`: sent to a sending server, and without effect since no compressor heeds it. */
  skipCompress?: string;
  /**
   * `--max-alloc` or RSYNC_MAX_ALLOC as given, unless it is the default: sent to the server, and without
   * effect here, where what a peer announces is bounded by itself.
   */
  maxAlloc?: string;
  /** Explicit `--info` levels by lower-case word. */
  info: Record<string, number>;
  /** Explicit `--debug` levels by lower-case word; never sent to a peer. */
  debug: Record<string, number>;
  /** Resolved debug levels by lower-case word. */
  debugLevels: InfoLevels;

  // How to reach the peer.

  rsh?: string;
  rsyncPath?: string;
  /** TCP port for `host::module`; undefined for the default. */
  port?: number;
  address?: string;
  passwordFile?: string;
  /** A file for a daemon's `early exec`. */
  earlyInput?: string;
  /** Seconds; 0 for never. */
  contimeout: number;
  blockingIo: boolean | undefined;
  /** Preferred address family, 0 for either. */
  ipFamily: 0 | 4 | 6;
  /** How little to quote remote arguments: 0 fully, 1 option values only, 2 nothing. */
  oldArgs: 0 | 1 | 2;
  secludedArgs: boolean;
  /** `--iconv` as given, or from RSYNC_ICONV; undefined when no name is converted. */
  iconv?: string;
  remoteOptions: string[];
  /** false after `--no-motd`. */
  motd: boolean;

  // Filters and lists of names.

  filters: FilterDirective[];
  /** `--files-from` as given; `parseFilesFrom` says where the list is. */
  filesFrom?: string;

  // Batches.

  /** `--write-batch` or `--only-write-batch`. */
  writeBatch?: string;
  /** `-` is standard input. */
  readBatch?: string;
  /** With `--write-batch`: the words, and which of them are no options. The batch's script repeats them. */
  commandLine?: { readonly words: readonly string[]; readonly operands: readonly number[] };

  // What to print.

  outFormat?: string;
  /** `--copy-as=USER[:GROUP]`, of this end. */
  copyAs?: string;
  /** `--sockopts`: for the socket to a daemon. */
  sockopts?: string;
  /** `--log-file` of this end: a client's, or a server's. A daemon has its own. */
  logFile?: string;
  /** What is logged of an item; empty for nothing. @default '%i %n%L' */
  logFileFormat?: string;
  /** `--outbuf`: when standard output is written: at once (N), by lines (L), by blocks (B). */
  outputBuffer?: 'N' | 'L' | 'B';
  /** `--progress` was given (or `-P`). */
  progress: boolean;
  stats: boolean;
  /** 0 plain digits, 1 digit groups (default), 2 units of 1000 (`-h`), 3 units of 1024 (`-hh`). */
  human: number;
  eightBit: boolean;
  /** `--stderr=all` (true), `--stderr=client` (false), or the default. */
  msgs2stderr: boolean | undefined;
  show?: ShowRequest;

  // Server and daemon.

  server: boolean;
  sender: boolean;
  daemon: boolean;
  /** false after `--no-detach`. */
  detach: boolean;
  config?: string;
  /** `--dparam` overrides, `NAME=VALUE`. */
  dparam: string[];
  /** Server: what the client wants itemized, `--log-format`. */
  logFormat?: string;
  /** Server: text after `-e`, the client's capabilities. */
  clientInfo?: string;

  // Deltawire's own.

  json: boolean;
  signatureThreads?: number;
  pipelineWindow?: number;

  /** The arguments that are not options, in order. */
  args: string[];
}
