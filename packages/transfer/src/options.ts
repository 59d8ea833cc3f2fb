/** When files that the sender does not have are removed from the destination. */
export type DeleteMode = 'none' | 'default' | 'before' | 'during' | 'delay' | 'after';

/** `--compare-dest`, `--copy-dest` or `--link-dest`. */
export type AlternateKind = 'compare' | 'copy' | 'link';

/** Output levels by `--info` word, already resolved from `-v` and `--info` (0 = silent). */
export type InfoLevels = Readonly<Record<string, number>>;

/**
 * What a transfer does, in rsync's own terms. Both ends hold one: the client from its command
 * line, the server from the arguments the client sent. Names are rsync's long options.
 */
export interface TransferOptions {
  readonly recursive: boolean;
  /** `--dirs`: send directories without descending. */
  readonly dirs: boolean;
  readonly relative: boolean;
  readonly impliedDirs: boolean;
  readonly links: boolean;
  readonly copyLinks: boolean;
  readonly copyDirlinks: boolean;
  readonly keepDirlinks: boolean;
  readonly copyUnsafeLinks: boolean;
  readonly safeLinks: boolean;
  readonly mungeLinks: boolean;
  readonly hardLinks: boolean;
  readonly perms: boolean;
  readonly executability: boolean;
  readonly acls: boolean;
  /** `-X` (1), or `-XX` (2): also those in which `--fake-super` keeps things. 0 for neither. */
  readonly xattrs: number;
  readonly times: boolean;
  readonly atimes: number;
  readonly crtimes: boolean;
  readonly omitDirTimes: boolean;
  readonly omitLinkTimes: boolean;
  /** Owners, devices and so on are noted in extended attributes instead of made. */
  readonly fakeSuper: boolean;
  /** `--super` (true), `--no-super` (false): undefined goes by who runs this. */
  readonly superUser: boolean | undefined;
  readonly owner: boolean;
  readonly group: boolean;
  readonly devices: boolean;
  readonly specials: boolean;
  /** The receiver makes neither. */
  readonly dropD: boolean;
  /** Links of other users are followed in paths that the command line names. */
  readonly insecureLinks: boolean;
  /** What such paths, and the names of a list, must not lead out of. */
  readonly confineRoot?: string | undefined;
  readonly numericIds: boolean;
  /** A daemon's `numeric ids`: what is sent is as without, but there are no names to ids. */
  readonly namelessIds?: boolean | undefined;
  /** `--chmod`, a comma list; empty for none. Applied by the client's side only. */
  readonly chmod: string;
  /** What a daemon does to modes of received files after everything else; syntax of `--chmod`. */
  readonly incomingChmod?: string | undefined;
  readonly userMap: string;
  readonly groupMap: string;
  /** `-x` (1) or `-xx` (2). */
  readonly oneFileSystem: number;
  readonly checksum: boolean;
  readonly update: boolean;
  readonly ignoreTimes: boolean;
  readonly sizeOnly: boolean;
  /** Seconds; negative compares nanoseconds too. */
  readonly modifyWindow: number;
  /** `--existing`: create nothing. */
  readonly existing: boolean;
  readonly ignoreExisting: boolean;
  /** Bytes; -1 for no limit. */
  readonly maxSize: number;
  /** Bytes; -1 for no limit. */
  readonly minSize: number;
  readonly pruneEmptyDirs: boolean;
  readonly dryRun: boolean;
  readonly listOnly: boolean;
  /** undefined: whole files for local copies, deltas over a connection. */
  readonly wholeFile: boolean | undefined;
  /** Bytes; 0 lets the file's length decide. */
  readonly blockSize: number;
  readonly inplace: boolean;
  /** Files are read without a change to their access times. */
  readonly openNoatime: boolean;
  /** `--append` (1) or `--append-verify` (2), 0 for neither; either implies `inplace`. */
  readonly append: number;
  readonly sparse: boolean;
  readonly preallocate: boolean;
  readonly fsync: boolean;
  readonly partial: boolean;
  /** Where unfinished files are kept: in each directory, or one for all when it is absolute. */
  readonly partialDir?: string | undefined;
  /** Finished files wait in `partialDir` until all have arrived. */
  readonly delayUpdates: boolean;
  /** What is replaced or deleted is kept. */
  readonly backup: boolean;
  /** Where it is kept; undefined beside the original. */
  readonly backupDir?: string | undefined;
  /** What its name gets. */
  readonly suffix: string;
  /** `--ignore-missing-args` (1) or `--delete-missing-args` (2), 0 for neither. */
  readonly missingArgs: number;
  /** The sender removes what has arrived. */
  readonly removeSourceFiles: boolean;
  /** The sender sends what is in devices. */
  readonly copyDevices: boolean;
  /** The receiver writes into devices. */
  readonly writeDevices: boolean;
  readonly tempDir?: string | undefined;
  /** What is done with files that a directory of `altDestDirs` has already. */
  readonly altDest?: AlternateKind | undefined;
  /** Relative ones are relative to the destination; a daemon keeps all inside its module. */
  readonly altDestDirs: readonly string[];
  /** Look for a similar file as a basis: 1 at the destination, 2 in `altDestDirs` too. */
  readonly fuzzy: number;
  readonly mkpath: boolean;
  /** KiB per second; 0 for no limit. */
  readonly bwlimit: number;
  /** Seconds without progress before giving up; 0 for never. */
  readonly timeout: number;
  /** Milliseconds since the epoch. */
  readonly stopAt?: number | undefined;
  readonly deleteMode: DeleteMode;
  readonly deleteExcluded: boolean;
  /** -1 for no limit. */
  readonly maxDelete: number;
  readonly force: boolean;
  readonly ignoreErrors: boolean;
  /** The newest protocol to offer, 27..32. */
  readonly protocol: number;
  /** 0 lets the server choose. */
  readonly checksumSeed: number;
  readonly checksumChoice?:
    | { readonly transfer: string; readonly file: string; readonly text?: string }
    | undefined;
  /**
   * Compression of literal data: `auto` negotiates (`-z`), a name was chosen (`zlib`, `zlibx`, `zstd`,
   * `lz4`, `none`), undefined is none.
   */
  readonly compress?: string | undefined;
  /** `--compress-level`; undefined for the compressor's own default. */
  readonly compressLevel?: number | undefined;
  /** Compressors to offer instead of all (RSYNC_COMPRESS_LIST); a server accepts no others. */
  readonly compressList?: readonly string[] | undefined;
  /** Checksums to offer instead of all: RSYNC_CHECKSUM_LIST, or what a batch can hold. */
  readonly checksumList?: readonly string[] | undefined;
  /** Only a batch gets the data; the receiving side changes nothing. */
  readonly onlyWriteBatch: boolean;
  /** zlib and zlibx send data as it is: a daemon's `dont compress = *`. */
  readonly storeOnly?: boolean | undefined;
  /** false after `--no-inc-recursive`. */
  readonly incRecursive: boolean;
  readonly cvsExclude: boolean;
  readonly verbose: number;
  readonly quiet: boolean;
  /** `-i` given: 1, `-ii`: 2 (unchanged items are reported too). */
  readonly itemize: number;
  readonly infoLevels: InfoLevels;
  readonly debugLevels: InfoLevels;
  readonly trustSender: boolean;
  readonly from0: boolean;
  /** `-s`: names of `--files-from` that travel are converted, too, with `--iconv`. */
  readonly secludedArgs?: boolean | undefined;
}

/** rsync's defaults, for callers that build options by hand. */
export const DEFAULT_TRANSFER_OPTIONS: TransferOptions = {
  recursive: false,
  dirs: false,
  relative: false,
  impliedDirs: true,
  links: false,
  copyLinks: false,
  copyDirlinks: false,
  keepDirlinks: false,
  copyUnsafeLinks: false,
  safeLinks: false,
  mungeLinks: false,
  hardLinks: false,
  perms: false,
  executability: false,
  acls: false,
  xattrs: 0,
  times: false,
  atimes: 0,
  crtimes: false,
  omitDirTimes: false,
  omitLinkTimes: false,
  fakeSuper: false,
  superUser: undefined,
  owner: false,
  group: false,
  devices: false,
  specials: false,
  dropD: false,
  insecureLinks: false,
  numericIds: false,
  chmod: '',
  userMap: '',
  groupMap: '',
  oneFileSystem: 0,
  checksum: false,
  update: false,
  ignoreTimes: false,
  sizeOnly: false,
  modifyWindow: 0,
  existing: false,
  ignoreExisting: false,
  maxSize: -1,
  minSize: -1,
  pruneEmptyDirs: false,
  dryRun: false,
  listOnly: false,
  wholeFile: undefined,
  blockSize: 0,
  inplace: false,
  append: 0,
  sparse: false,
  preallocate: false,
  openNoatime: false,
  fsync: false,
  partial: false,
  delayUpdates: false,
  backup: false,
  suffix: '~',
  missingArgs: 0,
  removeSourceFiles: false,
  copyDevices: false,
  writeDevices: false,
  altDestDirs: [],
  fuzzy: 0,
  mkpath: false,
  bwlimit: 0,
  timeout: 0,
  deleteMode: 'none',
  deleteExcluded: false,
  maxDelete: -1,
  force: false,
  ignoreErrors: false,
  protocol: 32,
  checksumSeed: 0,
  onlyWriteBatch: false,
  incRecursive: true,
  cvsExclude: false,
  verbose: 0,
  quiet: false,
  itemize: 0,
  infoLevels: { nonreg: 1 },
  debugLevels: {},
  trustSender: false,
  from0: false,
};

/** Whether files at the destination may be removed because the sender lacks them. */
export const deletes = (o: TransferOptions): boolean => o.deleteMode !== 'none' || o.deleteExcluded;

/**
 * Whether incremental recursion is acceptable to this side (docs/spec/session.md §3.4, §5.2): a
 * receiving side needs the whole list for early or late deletion and for pruning.
 */
export function allowsIncrementalRecursion(o: TransferOptions, receives: boolean): boolean {
  if (!o.recursive || !o.incRecursive) return false;
  if (!receives) return true;
  const deletesAside = o.deleteMode === 'before' || o.deleteMode === 'after';
  return !deletesAside && !o.pruneEmptyDirs && !o.delayUpdates;
}
