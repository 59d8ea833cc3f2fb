import * as act from './actions.ts';
import * as field from './field-actions.ts';
import * as filter from './filter-actions.ts';
import * as idMap from './id-map-actions.ts';
import { flag, implemented, type OptionRow, own, set } from './option-row.ts';
import { PIPELINE_ROWS } from './pipeline-rows.ts';

/**
 * Every option of rsync 3.5.0 and of Deltawire, in the order of the help text. Parsing, the help
 * text and the checks of docs all come from this one table. To support a refused option, give it a
 * field in `RsyncOptions`, turn its row into `flag` or `implemented`, and teach
 * `server-arguments.ts` how a peer is told.
 */
export const OPTION_TABLE: readonly OptionRow[] = [
  implemented('--verbose, -v', 'increase verbosity', field.count('verbose'), {
    negations: ['no-verbose', 'no-v'],
    negate: field.assign('verbose', 0),
  }),
  implemented('--info=FLAGS', 'fine-grained informational verbosity', act.addInfo),
  implemented('--debug=FLAGS', 'fine-grained debug verbosity', act.addDebug),
  implemented('--stderr=e|a|c', 'change stderr output mode (default: errors)', act.setStderr),
  implemented('--msgs2stderr', '', set('msgs2stderr'), {
    negations: ['no-msgs2stderr'],
    negate: set('msgs2stderr', false),
    hidden: true,
  }),
  flag('--quiet, -q', 'suppress non-error messages', 'quiet'),
  implemented('--motd', '', set('motd'), {
    negations: ['no-motd'],
    negate: set('motd', false),
    help: [['--no-motd', 'suppress daemon-mode MOTD']],
    hidden: true,
  }),
  flag('--checksum, -c', 'skip based on checksum, not mod-time & size', 'checksum', [
    'no-checksum',
    'no-c',
  ]),
  implemented('--archive, -a', 'archive mode is -rlptgoD (no -A,-X,-U,-N,-H)', act.archive, {
    help: [['--no-OPTION', 'turn off an implied OPTION (e.g. --no-D)']],
  }),
  implemented('--recursive, -r', 'recurse into directories', act.recurse('explicit'), {
    negations: ['no-recursive', 'no-r'],
    negate: act.recurse('no'),
  }),
  implemented('--inc-recursive, --i-r', 'enable incremental recursion', set('incRecursive'), {
    negations: ['no-inc-recursive', 'no-i-r'],
    negate: set('incRecursive', false),
    help: [
      ['--no-inc-recursive', 'disable incremental recursion'],
      ['--no-i-r', 'same as --no-inc-recursive'],
    ],
  }),
  implemented('--relative, -R', 'use relative path names', act.relative(true), {
    negations: ['no-relative', 'no-R'],
    negate: act.relative(false),
  }),
  implemented('--implied-dirs', '', set('impliedDirs'), {
    aliases: ['i-d'],
    negations: ['no-implied-dirs', 'no-i-d'],
    negate: set('impliedDirs', false),
    help: [['--no-implied-dirs', "don't send implied directories with --relative"]],
    hidden: true,
  }),
  flag('--backup, -b', 'make backups (see --suffix & --backup-dir)', 'backup', ['no-backup']),
  implemented(
    '--backup-dir=DIR',
    'make backups into hierarchy based in DIR',
    field.text('backupDir'),
  ),
  implemented('--suffix=SUFFIX', 'backup suffix (default ~ w/o --backup-dir)', act.setSuffix),
  flag('--update, -u', 'skip files that are newer on the receiver', 'update'),
  flag('--inplace', 'update destination files in-place', 'inplace', ['no-inplace']),
  implemented('--append', 'append data onto shorter files', act.append, {
    negations: ['no-append'],
    negate: field.assign('append', 0),
  }),
  implemented('--append-verify', '--append w/old data in file checksum', field.assign('append', 2)),
  implemented('--dirs, -d', 'transfer directories without recursing', act.dirs('yes'), {
    negations: ['no-dirs', 'no-d'],
    negate: act.dirs('no'),
  }),
  implemented('--old-dirs', 'works like --dirs when talking to old rsync', act.dirs('old'), {
    aliases: ['old-d'],
    help: [['--old-d', 'same as --old-dirs']],
  }),
  flag('--mkpath', "create destination's missing path components", 'mkpath', ['no-mkpath']),
  flag('--links, -l', 'copy symlinks as symlinks', 'links', ['no-links', 'no-l']),
  flag('--copy-links, -L', 'transform symlink into referent file/directory', 'copyLinks'),
  flag('--copy-unsafe-links', 'only "unsafe" symlinks are transformed', 'copyUnsafeLinks'),
  flag('--safe-links', 'ignore symlinks that point outside the tree', 'safeLinks'),
  flag('--insecure-links', 'follow attacker-owned symlinks in operator paths', 'insecureLinks', [
    'no-insecure-links',
  ]),
  implemented(
    '--confine-root=DIR',
    'refuse operator paths resolving outside DIR',
    act.setConfineRoot,
  ),
  flag('--munge-links', 'munge symlinks to make them safe & unusable', 'mungeLinks', [
    'no-munge-links',
  ]),
  flag(
    '--copy-dirlinks, -k',
    'transform symlink to directory into referent directory',
    'copyDirlinks',
  ),
  flag('--keep-dirlinks, -K', 'treat symlinked directory on receiver as directory', 'keepDirlinks'),
  implemented('--hard-links, -H', 'preserve hard links', field.count('hardLinksCount', 2), {
    negations: ['no-hard-links', 'no-H'],
    negate: field.assign('hardLinksCount', 0),
  }),
  flag('--perms, -p', 'preserve permissions', 'perms', ['no-perms', 'no-p']),
  flag('--executability, -E', 'preserve executability', 'executability'),
  implemented('--chmod=CHMOD', 'affect file and/or directory permissions', act.addChmod),
  implemented('--acls, -A', 'preserve ACLs (implies --perms)', act.keepAcls, {
    negations: ['no-acls', 'no-A'],
    negate: set('acls', false),
  }),
  implemented('--xattrs, -X', 'preserve extended attributes', act.keepXattrs, {
    negations: ['no-xattrs', 'no-X'],
    negate: field.assign('xattrs', 0),
  }),
  flag('--owner, -o', 'preserve owner (super-user only)', 'owner', ['no-owner', 'no-o']),
  flag('--group, -g', 'preserve group', 'group', ['no-group', 'no-g']),
  flag('--devices', 'preserve device files (super-user only)', 'devices', ['no-devices']),
  flag('--copy-devices', 'copy device contents as a regular file', 'copyDevices'),
  flag('--write-devices', 'write to devices as files (implies --inplace)', 'writeDevices', [
    'no-write-devices',
  ]),
  flag('--specials', 'preserve special files', 'specials', ['no-specials']),
  flag('--drop-D', 'receiver refuses to create devices/specials', 'dropD', ['no-drop-D']),
  implemented('-D', 'same as --devices --specials', act.devicesAndSpecials(true), {
    negations: ['no-D'],
    negate: act.devicesAndSpecials(false),
  }),
  flag('--times, -t', 'preserve modification times', 'times', ['no-times', 'no-t']),
  implemented('--atimes, -U', 'preserve access (use) times', field.count('atimes', 2), {
    negations: ['no-atimes', 'no-U'],
    negate: field.assign('atimes', 0),
  }),
  flag('--open-noatime', 'avoid changing the atime on opened files', 'openNoatime', [
    'no-open-noatime',
  ]),
  implemented('--crtimes, -N', 'preserve create times (newness)', act.keepCreationTimes, {
    negations: ['no-crtimes', 'no-N'],
    negate: set('crtimes', false),
  }),
  flag('--omit-dir-times, -O', 'omit directories from --times', 'omitDirTimes', [
    'no-omit-dir-times',
    'no-O',
  ]),
  flag('--omit-link-times, -J', 'omit symlinks from --times', 'omitLinkTimes', [
    'no-omit-link-times',
    'no-J',
  ]),
  implemented('--super', 'receiver attempts super-user activities', act.setSuperUser(true), {
    negations: ['no-super'],
    negate: act.setSuperUser(false),
  }),
  implemented('--fake-super', 'store/recover privileged attrs using xattrs', act.fakeSuperUser),
  flag('--sparse, -S', 'turn sequences of nulls into sparse blocks', 'sparse', [
    'no-sparse',
    'no-S',
  ]),
  implemented('--preallocate', 'allocate dest files before writing them', act.preallocate),
  flag('--dry-run, -n', 'perform a trial run with no changes made', 'dryRun'),
  implemented('--whole-file, -W', 'copy files whole (w/o delta-xfer algorithm)', set('wholeFile'), {
    negations: ['no-whole-file', 'no-W'],
    negate: set('wholeFile', false),
    help: [['--no-whole-file, --no-W', 'use the delta-xfer algorithm']],
  }),
  implemented(
    '--checksum-choice=STR',
    'choose the checksum algorithm (aka --cc)',
    act.chooseChecksum,
    { aliases: ['cc'] },
  ),
  implemented(
    '--one-file-system, -x',
    "don't cross filesystem boundaries",
    field.count('oneFileSystem', 2),
    { negations: ['no-one-file-system', 'no-x'], negate: field.assign('oneFileSystem', 0) },
  ),
  implemented('--block-size=SIZE, -B', 'force a fixed checksum block-size', act.setBlockSize),
  implemented('--rsh=COMMAND, -e', 'specify the remote shell to use', act.setRemoteShell),
  implemented(
    '--rsync-path=PROGRAM',
    'specify the rsync to run on remote machine',
    field.text('rsyncPath'),
  ),
  implemented('--existing', 'skip creating new files on receiver', set('existing'), {
    aliases: ['ignore-non-existing'],
    help: [['--ignore-non-existing', 'skip creating new files on receiver']],
  }),
  flag('--ignore-existing', 'skip updating files that exist on receiver', 'ignoreExisting'),
  implemented(
    '--remove-source-files',
    'sender removes synchronized files (non-directory)',
    act.removeSource(false),
  ),
  implemented('--remove-sent-files', '', act.removeSource(true), { hidden: true }),
  implemented('--del', 'an alias for --delete-during', act.deleteWhen('during')),
  implemented('--delete', 'delete extraneous files from dest directories', act.requestDeletion),
  implemented(
    '--delete-before',
    'receiver deletes before xfer, not during',
    act.deleteWhen('before'),
  ),
  implemented('--delete-during', 'receiver deletes during the transfer', act.deleteWhen('during')),
  implemented('--delete-delay', 'find deletions during, delete after', act.deleteWhen('delay')),
  implemented(
    '--delete-after',
    'receiver deletes after transfer, not during',
    act.deleteWhen('after'),
  ),
  flag('--delete-excluded', 'also delete excluded files from dest directories', 'deleteExcluded'),
  implemented(
    '--ignore-missing-args',
    'ignore missing source arguments without error',
    act.missingArgs(1),
  ),
  implemented(
    '--delete-missing-args',
    'delete missing source arguments from destination',
    act.missingArgs(2),
  ),
  flag('--ignore-errors', 'delete even if there are I/O errors', 'ignoreErrors', [
    'no-ignore-errors',
  ]),
  flag('--force', 'force deletion of directories even if not empty', 'force', ['no-force']),
  implemented('--max-delete=NUM', "don't delete more than NUM files", act.setMaxDelete, {
    integer: true,
  }),
  implemented(
    '--max-size=SIZE',
    "don't transfer any file larger than SIZE",
    field.size('maxSize', '--max-size'),
  ),
  implemented(
    '--min-size=SIZE',
    "don't transfer any file smaller than SIZE",
    field.size('minSize', '--min-size'),
  ),
  implemented(
    '--max-alloc=SIZE',
    'change a limit relating to memory alloc',
    field.text('maxAlloc'),
  ),
  flag('--partial', 'keep partially transferred files', 'partial', ['no-partial']),
  implemented(
    '--partial-dir=DIR',
    'put a partially transferred file into DIR',
    field.text('partialDir'),
  ),
  flag('--delay-updates', 'put all updated files into place at end', 'delayUpdates', [
    'no-delay-updates',
  ]),
  flag('--prune-empty-dirs, -m', 'prune empty directory chains from file-list', 'pruneEmptyDirs', [
    'no-prune-empty-dirs',
    'no-m',
  ]),
  flag('--numeric-ids', "don't map uid/gid values by user/group name", 'numericIds', [
    'no-numeric-ids',
  ]),
  implemented('--usermap=STRING', 'custom username mapping', idMap.setUserMap),
  implemented('--groupmap=STRING', 'custom groupname mapping', idMap.setGroupMap),
  implemented('--chown=USER:GROUP', 'simple username/groupname mapping', idMap.chown),
  implemented('--timeout=SECONDS', 'set I/O timeout in seconds', field.integer('timeout'), {
    integer: true,
    negations: ['no-timeout'],
    negate: field.assign('timeout', 0),
  }),
  implemented(
    '--contimeout=SECONDS',
    'set daemon connection timeout in seconds',
    field.integer('contimeout'),
    { integer: true, negations: ['no-contimeout'], negate: field.assign('contimeout', 0) },
  ),
  flag('--ignore-times, -I', "don't skip files that match size and time", 'ignoreTimes'),
  flag('--size-only', 'skip files that match in size', 'sizeOnly'),
  implemented(
    '--modify-window=NUM, -@',
    'set the accuracy for mod-time comparisons',
    act.setModifyWindow,
    { integer: true },
  ),
  implemented(
    '--temp-dir=DIR, -T',
    'create temporary files in directory DIR',
    field.text('tempDir'),
  ),
  implemented(
    '--fuzzy, -y',
    'find similar file for basis if no dest file',
    field.count('fuzzy', 2),
    {
      negations: ['no-fuzzy', 'no-y'],
      negate: field.assign('fuzzy', 0),
    },
  ),
  implemented(
    '--compare-dest=DIR',
    'also compare destination files relative to DIR',
    act.addAlternate('compare'),
  ),
  implemented(
    '--copy-dest=DIR',
    '... and include copies of unchanged files',
    act.addAlternate('copy'),
  ),
  implemented(
    '--link-dest=DIR',
    'hardlink to files in DIR when unchanged',
    act.addAlternate('link'),
  ),
  implemented('--compress, -z', 'compress file data during the transfer', act.compress, {
    negations: ['no-compress', 'no-z'],
    negate: act.doNotCompress,
  }),
  implemented('--old-compress', '', act.compressor('zlib'), { hidden: true }),
  implemented('--new-compress', '', act.compressor('zlibx'), { hidden: true }),
  implemented(
    '--compress-choice=STR',
    'choose the compression algorithm (aka --zc)',
    act.chooseCompressor,
    { aliases: ['zc'] },
  ),
  implemented(
    '--compress-level=NUM',
    'explicitly set compression level (aka --zl)',
    act.setCompressLevel,
    { aliases: ['zl'], integer: true },
  ),
  implemented(
    '--compress-threads=NUM',
    'explicitly set compression threads (aka --zt)',
    act.ignore,
    { aliases: ['zt'], integer: true },
  ),
  implemented(
    '--skip-compress=LIST',
    'skip compressing files with suffix in LIST',
    field.text('skipCompress'),
  ),
  flag('--cvs-exclude, -C', 'auto-ignore files in the same way CVS does', 'cvsExclude'),
  implemented('--filter=RULE, -f', 'add a file-filtering RULE', filter.filterRule),
  implemented('-F', "same as --filter='dir-merge /.rsync-filter'", filter.perDirectoryFilter, {
    help: [['', "repeated: --filter='- .rsync-filter'"]],
  }),
  implemented('--exclude=PATTERN', 'exclude files matching PATTERN', filter.excludePattern),
  implemented('--exclude-from=FILE', 'read exclude patterns from FILE', filter.excludeFrom),
  implemented('--include=PATTERN', "don't exclude files matching PATTERN", filter.includePattern),
  implemented('--include-from=FILE', 'read include patterns from FILE', filter.includeFrom),
  implemented(
    '--files-from=FILE',
    'read list of source-file names from FILE',
    field.text('filesFrom'),
  ),
  flag('--from0, -0', 'all *-from/filter files are delimited by 0s', 'from0', ['no-from0']),
  implemented('--old-args', 'disable the modern argument-protection idiom', act.increaseOldArgs, {
    negations: ['no-old-args'],
    negate: act.clearOldArgs,
  }),
  implemented(
    '--secluded-args, -s',
    'use the protocol to safely send the arguments',
    act.secludeArgs(true),
    {
      aliases: ['protect-args'],
      negations: ['no-secluded-args', 'no-protect-args', 'no-s'],
      negate: act.secludeArgs(false),
    },
  ),
  flag('--trust-sender', "trust the remote sender's file list", 'trustSender'),
  implemented(
    '--copy-as=USER[:GROUP]',
    'specify user & optional group for the copy',
    field.text('copyAs'),
  ),
  implemented(
    '--address=ADDRESS',
    'bind address for outgoing socket to daemon',
    field.text('address'),
  ),
  implemented('--port=PORT', 'specify double-colon alternate port number', field.integer('port'), {
    integer: true,
  }),
  implemented('--sockopts=OPTIONS', 'specify custom TCP options', field.text('sockopts')),
  flag('--blocking-io', 'use blocking I/O for the remote shell', 'blockingIo', ['no-blocking-io']),
  implemented('--outbuf=N|L|B', 'set out buffering to None, Line, or Block', act.setOutputBuffer),
  flag('--stats', 'give some file-transfer stats', 'stats'),
  flag('--8-bit-output, -8', 'leave high-bit chars unescaped in output', 'eightBit', [
    'no-8-bit-output',
    'no-8',
  ]),
  implemented(
    '--human-readable, -h',
    'output numbers in a human-readable format',
    field.count('human', 3),
    { negations: ['no-human-readable', 'no-h'], negate: field.assign('human', 0) },
  ),
  flag('--progress', 'show progress during transfer', 'progress', ['no-progress']),
  implemented('-P', 'same as --partial --progress', act.partialAndProgress),
  implemented(
    '--itemize-changes, -i',
    'output a change-summary for all updates',
    field.count('itemize', 2),
    { negations: ['no-itemize-changes', 'no-i'], negate: field.assign('itemize', 0) },
  ),
  implemented(
    '--remote-option=OPT, -M',
    'send OPTION to the remote side only',
    act.addRemoteOption,
  ),
  implemented(
    '--out-format=FORMAT',
    'output updates using the specified FORMAT',
    field.text('outFormat'),
  ),
  implemented('--log-format=FORMAT', '', act.setLogFormat, { hidden: true }),
  implemented(
    '--log-file=FILE',
    "log what we're doing to the specified FILE",
    field.text('logFile'),
  ),
  implemented(
    '--log-file-format=FMT',
    'log updates using the specified FMT',
    field.text('logFileFormat'),
  ),
  implemented(
    '--password-file=FILE',
    'read daemon-access password from FILE',
    field.text('passwordFile'),
  ),
  implemented(
    '--early-input=FILE',
    "use FILE for daemon's early exec input",
    field.text('earlyInput'),
  ),
  flag('--list-only', 'list the files instead of copying them', 'listOnlyRequested'),
  implemented('--bwlimit=RATE', 'limit socket I/O bandwidth', act.setBandwidth, {
    negations: ['no-bwlimit'],
    negate: field.assign('bwlimit', 0),
  }),
  implemented('--stop-after=MINS', 'Stop rsync after MINS minutes have elapsed', act.stopAfter, {
    aliases: ['time-limit'],
  }),
  implemented('--stop-at=y-m-dTh:m', 'Stop rsync at the specified point in time', act.stopAt),
  flag('--fsync', 'fsync every written file', 'fsync'),
  implemented('--write-batch=FILE', 'write a batched update to FILE', act.writeBatch(false)),
  implemented(
    '--only-write-batch=FILE',
    'like --write-batch but w/o updating dest',
    act.writeBatch(true),
  ),
  implemented('--read-batch=FILE', 'read a batched update from FILE', field.text('readBatch')),
  implemented(
    '--protocol=NUM',
    'force an older protocol version to be used',
    field.integer('protocol'),
    { integer: true },
  ),
  implemented(
    '--iconv=CONVERT_SPEC',
    'request charset conversion of filenames',
    field.text('iconv'),
    {
      negations: ['no-iconv'],
      negate: act.noIconv,
    },
  ),
  implemented(
    '--checksum-seed=NUM',
    'set block/file checksum seed (advanced)',
    field.integer('checksumSeed'),
    { integer: true },
  ),
  implemented('--qsort', '', set('qsort'), { hidden: true }),
  implemented('--ipv4, -4', 'prefer IPv4', act.preferFamily(4)),
  implemented('--ipv6, -6', 'prefer IPv6', act.preferFamily(6)),
  implemented('--version, -V', 'print the version + other info and exit', act.countVersion),
  implemented('--help', '', act.requestHelp, {
    help: [['--help, -h (*)', 'show this help (* -h is help only on its own)']],
    hidden: true,
  }),
  implemented('--server', '', act.becomeServer, { hidden: true }),
  implemented('--sender', '', set('sender'), { hidden: true }),
  own('--json', 'print one JSON event a line on standard output', set('json')),
  ...PIPELINE_ROWS,
];
