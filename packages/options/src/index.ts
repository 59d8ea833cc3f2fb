export { type Charsets, splitCharsets } from './charsets.ts';
export { checkChmod } from './chmod-syntax.ts';
export { DAEMON_TABLE } from './daemon-table.ts';
export { defaultOptions } from './default-options.ts';
export { type FilesFrom, parseFilesFrom } from './files-from.ts';
export { type HostSpec, parseHostSpec } from './host-spec.ts';
export { OptionError, type OptionErrorCode } from './option-error.ts';
export type { OptionRow, OptionStatus, PlatformSupport } from './option-row.ts';
export type {
  ChecksumChoice,
  DeleteMode,
  FilterDirective,
  RsyncOptions,
  ShowRequest,
} from './options.ts';
export {
  type ParseContext,
  type ParseResult,
  parseCommandLine,
  parseServerArguments,
} from './parse.ts';
export { quoteOptionValue, quotePath, type TildeRule, unquoteArgument } from './quote.ts';
export {
  effectiveLogFormat,
  effectiveOutFormat,
  itemizeLevel,
  type ServerArguments,
  type ServerRequest,
  serverArguments,
} from './server-arguments.ts';
export { splitShellCommand } from './shell-command.ts';
export { formatSize, parseBandwidth, parseSize, type SizeProblem } from './sizes.ts';
export { OPTION_TABLE } from './table.ts';
export { daemonUsage, usage } from './usage.ts';
export {
  DEBUG_FAMILY,
  INFO_FAMILY,
  type InfoLevels,
  resolveLevels,
  type VerbosityFamily,
  type VerbosityWord,
  verbosityHelp,
} from './verbosity.ts';
export {
  type Capability,
  RSYNC_VERSION,
  type VersionInfo,
  versionJson,
  versionText,
} from './version.ts';
