/**
 * Every byte rsync puts on the wire, protocol 27 to 32, read and written without doing I/O.
 *
 * @packageDocumentation
 */

// Bytes.
export { ByteReader, IncompleteError } from './bytes/byte-reader.ts';
export { ByteWriter } from './bytes/byte-writer.ts';
export { DecodeBuffer } from './bytes/decode-buffer.ts';
export {
  readLongint,
  readLongKey,
  readVarint,
  readVarint30,
  readVarlong,
  readVarlong30,
  readVstring,
  writeLongint,
  writeLongKey,
  writeVarint,
  writeVarint30,
  writeVarlong,
  writeVarlong30,
  writeVstring,
} from './bytes/integers.ts';
export {
  bytesToText,
  decodeByteString,
  encodeByteString,
  escapeBytes,
  escapeForDisplay,
  textToBytes,
} from './bytes/strings.ts';
// File contents.
export {
  BLOCK_SUMS_MAX_BYTES,
  type BlockSums,
  createBlockSums,
  readBlockSums,
  readSumHead,
  type SumHead,
  writeBlockSums,
  writeSumHead,
} from './content/block-sums.ts';
export {
  COMPRESSED_RECORD_MAX_BYTES,
  type CompressedToken,
  CompressedTokenReader,
  CompressedTokenWriter,
} from './content/compressed-tokens.ts';
export {
  LITERAL_MAX_BYTES,
  matchedBlock,
  readToken,
  writeEndToken,
  writeLiteralToken,
  writeMatchToken,
} from './content/tokens.ts';
export {
  hasXattrPart,
  readXattrRequest,
  readXattrValueHead,
  writeXattrRequest,
  writeXattrValue,
  writeXattrValuesEnd,
  type XattrValueHead,
} from './content/xattr-values.ts';
export {
  ACL_MAX_COUNT,
  type Acl,
  type AclName,
  aclKey,
  type EntryAcls,
  NO_ACL,
} from './entries/acl-list.ts';
export { LINK_TARGET_MAX_BYTES, NAME_MAX_BYTES } from './entries/entry-name.ts';
export { FileEntryReader, type ListEnd } from './entries/entry-reader.ts';
export { FileEntryWriter } from './entries/entry-writer.ts';
// File lists and items.
export {
  createFileEntry,
  type EntryCodecOptions,
  FILE_TYPE_MASK,
  type FileEntry,
  FileType,
  type HardLinkInfo,
  isDeviceMode,
  isDirectoryMode,
  isRegularMode,
  isSpecialMode,
  isSymlinkMode,
  type NameConversion,
} from './entries/file-entry.ts';
export {
  ID_LIST_MAX_ENTRIES,
  type IdList,
  type IdName,
  readIdList,
  writeIdList,
} from './entries/id-list.ts';
export {
  NDX_DEL_STATS,
  NDX_DONE,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  NdxReader,
  NdxWriter,
} from './entries/index-codec.ts';
export {
  BasisType,
  formatItemize,
  ITEMIZED_DELETION,
  ItemFlag,
  type ItemHeader,
  type ItemizeOptions,
  type ItemTypeChar,
  readItemHeader,
  writeItemHeader,
  XNAME_MAX_BYTES,
} from './entries/item-flags.ts';
export {
  XATTR_INLINE_MAX_BYTES,
  XATTR_MAX_COUNT,
  XATTR_NAME_MAX_BYTES,
  XATTR_VALUE_MAX_BYTES,
  type Xattr,
  type XattrList,
} from './entries/xattr-list.ts';
// Errors.
export {
  LimitError,
  ProtocolError,
  RemoteError,
  RsyncError,
  type RsyncErrorOptions,
} from './errors.ts';
export { ExitCode, exitCodeText } from './exit-code.ts';
// Lists of names and rules, statistics.
export {
  encodeFilesFrom,
  FILES_FROM_NAME_MAX_BYTES,
  FilesFromDecoder,
  FilesFromEncoder,
} from './files-from.ts';
export {
  FILTER_TEXT_MAX_BYTES,
  readFilterText,
  writeFilterListEnd,
  writeFilterText,
} from './filter-list.ts';
export { localTimeText } from './local-time.ts';
// Before the transfer.
export {
  ARGUMENT_MAX_BYTES,
  ARGUMENTS_MAX,
  ArgumentsDecoder,
  encodeArguments,
  encodeSecludedArguments,
} from './session/arguments.ts';
export {
  BatchFlag,
  type BatchHeader,
  readBatchHeader,
  writeBatchHeader,
} from './session/batch.ts';
export {
  advertisedProtocol,
  type ClientCapabilities,
  type ClientInfo,
  CompatFlag,
  capabilityString,
  compatFlagsFor,
  parseClientInfo,
  type ServerCapabilities,
  writeCompatFlags,
} from './session/compatibility.ts';
export { createDialect, type Dialect } from './session/dialect.ts';
export {
  AUTH_DIGESTS,
  type AuthAnswer,
  type AuthDigest,
  type AuthDigestChoice,
  authResponse,
  chooseAuthDigest,
  type DaemonLine,
  type DaemonRequest,
  EARLY_INPUT_MAX_BYTES,
  encodeBase64NoPad,
  formatGreeting,
  formatModuleLine,
  type Greeting,
  negotiateGreeting,
  parseAuthResponse,
  parseDaemonLine,
  parseDaemonRequest,
  parseGreeting,
  REQUEST_LINE_MAX_BYTES,
  TEXT_LINE_MAX_BYTES,
} from './session/greeting.ts';
export { NAME_LIST_MAX_BYTES, readNameList, writeNameList } from './session/handshake.ts';
export { LineDecoder } from './session/line-decoder.ts';
// Frames.
export {
  decodeDeletedName,
  encodeDeletedName,
  encodeMessageValue,
  MESSAGE_TEXT_MAX_BYTES,
  MessageTag,
  type MuxMessage,
  messageTagName,
  messageValue,
} from './session/message.ts';
export {
  FRAME_MAX_BYTES,
  MuxDecoder,
  type MuxDecoderOptions,
  MuxEncoder,
} from './session/mux.ts';
export { negotiateProtocol, PROTOCOL_MAX, PROTOCOL_MIN } from './session/version.ts';
export {
  DELETE_COUNT_MAX,
  type DeleteStats,
  readDeleteStats,
  readTransferStats,
  type WireTransferStats,
  writeDeleteStats,
  writeTransferStats,
} from './stats.ts';
