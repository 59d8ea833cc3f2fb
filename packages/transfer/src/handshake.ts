import {
  CHECKSUM_NAMES,
  type ChecksumName,
  negotiateChecksum,
  parseChecksumName,
  planTransferChecksum,
  type TransferChecksum,
} from '@deltawire/checksums';
import {
  CompatFlag,
  compatFlagsFor,
  createDialect,
  type Dialect,
  ExitCode,
  negotiateProtocol,
  RsyncError,
  readNameList,
  readVarint,
  writeNameList,
  writeVarint,
} from '@deltawire/protocol';
import { useNativeHashes } from './native-hash.ts';
import {
  agreeOnCompressor,
  checkChecksumChoice,
  checkCompressorChoice,
  compressorsToOffer,
  negotiatesCompressor,
  noCommonName,
} from './negotiate-compressor.ts';
import { allowsIncrementalRecursion, type TransferOptions } from './options.ts';
import type { Compression } from './tokens/compression.ts';
import type { Wire } from './wire.ts';

/** How the two sides found each other: a daemon has agreed on a version in its text phase. */
export type HandshakeStart =
  | {
      readonly kind: 'binary';
      /** Both ends are in one process, whatever protocol they talk. @default false */
      readonly local?: boolean;
    }
  | {
      readonly kind: 'daemon';
      readonly protocol: number;
      /** A round trip takes less time than the kernel's delayed acknowledgement (40 ms). @default false */
      readonly nearby?: boolean;
    };

/** What both sides agreed on (docs/spec/session.md §5). */
export interface Agreement {
  readonly dialect: Dialect;
  /** Block and whole-file sums of the transfer. */
  readonly checksum: TransferChecksum;
  /** Sums in the file list, with `--checksum`. */
  readonly fileChecksum: ChecksumName;
  /** How literal data is compressed; undefined for not at all. */
  readonly compression: Compression | undefined;
  readonly seed: number;
}

/** Names a client offers; a server adds `none`. */
const OFFERED = CHECKSUM_NAMES.filter((name) => name !== 'none');

/** The client's half of the binary handshake. */
export async function handshakeAsClient(
  wire: Wire,
  options: TransferOptions,
  start: HandshakeStart,
  receives: boolean,
): Promise<Agreement> {
  const protocol = await agreeOnProtocol(wire, options.protocol, start);
  checkProtocolNeeds(protocol, options, start);
  let flags = 0;
  if (protocol >= 30) {
    wire.flush();
    flags = await wire.read(readVarint);
    const incremental = (flags & CompatFlag.INC_RECURSE) !== 0;
    if (incremental && !allowsIncrementalRecursion(options, receives)) {
      throw new RsyncError('the server turned on incremental recursion, which was not offered', {
        code: 'INC_RECURSE_REFUSED',
        exitCode: ExitCode.SYNTAX,
      });
    }
  }
  const dialect = createDialect(protocol, flags);
  const nearby = start.kind === 'daemon' && start.nearby === true;
  const lists = await exchangeNames(wire, dialect, options, false, nearby);
  const chosen = await choose(options, false, lists);
  const seed = await wire.read((r) => r.i32());
  return agreement(dialect, options, chosen, seed);
}

/** The server's half. `clientInfo` is the text after `-e` in the client's arguments. */
export async function handshakeAsServer(
  wire: Wire,
  options: TransferOptions,
  start: HandshakeStart,
  clientInfo: string,
  receives: boolean,
): Promise<Agreement> {
  checkChecksumChoice(options);
  checkCompressorChoice(options);
  const protocol = await agreeOnProtocol(wire, options.protocol, start);
  checkProtocolNeeds(protocol, options, start);
  let flags = 0;
  if (protocol >= 30) {
    flags = compatFlagsFor(clientInfo, {
      incRecurseAllowed: allowsIncrementalRecursion(options, receives),
    });
    writeVarint(wire.out, flags);
  }
  const dialect = createDialect(protocol, flags);
  const lists = await exchangeNames(wire, dialect, options, true, false);
  const chosen = await choose(options, true, lists);
  const seed =
    options.checksumSeed !== 0
      ? options.checksumSeed
      : (Math.floor(Date.now() / 1000) ^ (process.pid << 6)) | 0 || 1;
  wire.out.i32(seed);
  wire.flush();
  return agreement(dialect, options, chosen, seed);
}

/** What the two sides of a recorded session had agreed on: only old names are in batches. */
export async function recordedAgreement(
  dialect: Dialect,
  options: TransferOptions,
  seed: number,
): Promise<Agreement> {
  const compress = options.compress === undefined ? undefined : 'zlib';
  const compression = await agreeOnCompressor({ ...options, compress }, false, undefined);
  const checksum = dialect.negotiatesNames ? 'md5' : undefined;
  return agreement(dialect, options, { checksum, compression }, seed);
}

async function agreeOnProtocol(wire: Wire, ours: number, start: HandshakeStart): Promise<number> {
  if (start.kind === 'daemon') return start.protocol;
  wire.out.u32(ours);
  wire.flush();
  const theirs = await wire.read((r) => r.i32());
  return negotiateProtocol(ours, theirs);
}

/** Features that older protocols cannot carry (docs/spec/session.md §5.1). */
function checkProtocolNeeds(
  protocol: number,
  options: TransferOptions,
  start: HandshakeStart,
): void {
  // A copy within one process has nobody who could misread their lists.
  const isLocal = start.kind === 'binary' && start.local === true;
  if (options.acls && protocol < 30 && !isLocal) throw tooOld('--acls', 30, protocol);
  // Before 29 nothing on the wire says which item lacks its long values.
  const forXattrs = isLocal ? 29 : 30;
  if (options.xattrs > 0 && protocol < forXattrs) throw tooOld('--xattrs', forXattrs, protocol);
  if (protocol >= 29) return;
  const { altDest, altDestDirs } = options;
  const tooNew =
    options.fuzzy > 0
      ? '--fuzzy'
      : altDest !== undefined && options.inplace
        ? `--${altDest}-dest with --inplace`
        : altDestDirs.length > 1
          ? `Using more than one --${altDest}-dest option`
          : options.pruneEmptyDirs
            ? '--prune-empty-dirs'
            : undefined;
  if (tooNew !== undefined) throw tooOld(tooNew, 29, protocol);
}

function tooOld(option: string, needed: number, protocol: number): RsyncError {
  return new RsyncError(
    `${option} requires protocol ${needed} or higher (negotiated ${protocol}).`,
    { code: 'PROTOCOL_TOO_OLD', exitCode: ExitCode.PROTOCOL },
  );
}

/** One kind of names as both sides offered them; `theirs` only when the peer can negotiate. */
interface NameLists {
  readonly ours: readonly string[];
  readonly theirs: readonly string[] | undefined;
}

/** The lists of a handshake; a kind that nobody negotiates is undefined. */
interface Negotiation {
  readonly checksums: NameLists | undefined;
  readonly compressors: NameLists | undefined;
}

/** What a list is called that has no valid name. */
const INVALID: readonly string[] = ['INVALID'];

/**
 * Both sides write all their lists before they read any (docs/spec/session.md §5.3).
 *
 * A server whose system holds a small write back until the one before was acknowledged (Nagle) has
 * three before its file list: flags, names, seed. To a `nearby` one our names go in two pieces, so that
 * each of the three is answered at once; what the kernel acknowledges by itself takes it 40 ms.
 */
async function exchangeNames(
  wire: Wire,
  dialect: Dialect,
  options: TransferOptions,
  server: boolean,
  nearby: boolean,
): Promise<Negotiation> {
  const canNegotiate = dialect.varintFlistFlags;
  const checksums = options.checksumList ?? (server ? CHECKSUM_NAMES : OFFERED);
  const offers = [
    canNegotiate && options.checksumChoice === undefined ? checksums : undefined,
    negotiatesCompressor(options) ? await compressorsToOffer(options, server) : undefined,
  ];
  const lists: (NameLists | undefined)[] = [];
  if (canNegotiate) {
    for (const ours of offers) {
      if (ours !== undefined) writeNameList(wire.out, ours.length === 0 ? INVALID : ours);
    }
  }
  const rest = nearby && wire.out.length > 1 ? wire.out.take() : undefined;
  if (rest !== undefined) wire.sendRaw(rest.subarray(0, 1));
  wire.flush();
  for (const ours of offers) {
    const theirs = ours && canNegotiate ? await wire.read(readNameList) : undefined;
    lists.push(ours && { ours, theirs });
  }
  if (rest !== undefined) wire.sendRaw(rest.subarray(1));
  return { checksums: lists[0], compressors: lists[1] };
}

/** What was chosen from the lists. */
interface Choice {
  /** undefined: not negotiated. */
  readonly checksum: ChecksumName | undefined;
  readonly compression: Compression | undefined;
}

async function choose(
  options: TransferOptions,
  server: boolean,
  { checksums, compressors }: Negotiation,
): Promise<Choice> {
  return {
    checksum: chooseChecksum(server, checksums),
    compression: await agreeOnCompressor(options, server, compressors),
  };
}

function chooseChecksum(server: boolean, lists: NameLists | undefined): ChecksumName | undefined {
  if (lists?.theirs === undefined) return undefined;
  const { ours, theirs } = lists;
  // A server follows the client's order, a client its own: right against every version.
  const name = server ? negotiateChecksum(theirs, ours) : negotiateChecksum(ours, theirs);
  if (name === undefined) throw noCommonName('checksum', ours, theirs, server);
  return name;
}

function agreement(
  dialect: Dialect,
  options: TransferOptions,
  { checksum: negotiated, compression }: Choice,
  seed: number,
): Agreement {
  const implied: ChecksumName = dialect.protocol >= 30 ? 'md5' : 'md4';
  const choice = options.checksumChoice;
  const transfer = choice === undefined ? (negotiated ?? implied) : checksumNamed(choice.transfer);
  const fileChecksum = choice === undefined ? transfer : checksumNamed(choice.file);
  if (options.checksum && fileChecksum === 'none') {
    throw new RsyncError("Invalid checksum-choice: 'none' cannot be used with --checksum", {
      code: 'BAD_CHECKSUM_CHOICE',
      exitCode: ExitCode.SYNTAX,
    });
  }
  const origin =
    choice !== undefined ? 'explicit' : negotiated !== undefined ? 'negotiated' : 'implied';
  const { protocol, seedFix } = dialect;
  useNativeHashes();
  return {
    dialect,
    checksum: planTransferChecksum({ name: transfer, origin, protocol, seedFix, seed }),
    fileChecksum,
    compression,
    seed,
  };
}

function checksumNamed(text: string): ChecksumName {
  const name = parseChecksumName(text);
  if (name !== undefined) return name;
  throw new RsyncError(`unknown checksum name: ${text}`, {
    code: 'UNKNOWN_CHECKSUM',
    exitCode: ExitCode.UNSUPPORTED,
  });
}
