import type { CompressorName } from '@deltawire/compression';
import { ExitCode, RsyncError } from '@deltawire/protocol';
import type { TransferOptions } from './options.ts';
import { type Compression, loadCompression } from './tokens/compression.ts';

/** What a peer that cannot negotiate offers. */
const UNNEGOTIATED: readonly string[] = ['zlib'];

/** Whether the sides have to agree on a compressor: `-z` without a choice. */
export const negotiatesCompressor = (options: TransferOptions): boolean =>
  options.compress === 'auto';

/** The names that this side offers when it negotiates. */
export async function compressorsToOffer(
  options: TransferOptions,
  server: boolean,
): Promise<readonly string[]> {
  if (options.compressList !== undefined) return options.compressList;
  const { offeredCompressors } = await import('@deltawire/compression');
  return offeredCompressors(server);
}

/** Both sides' lists; `theirs` is undefined when the peer cannot negotiate. */
export interface OfferedCompressors {
  readonly ours: readonly string[];
  readonly theirs: readonly string[] | undefined;
}

/**
 * The compressor of a session, loaded; undefined for none (docs/spec/session.md §5.3).
 *
 * @param offered - when the sides have negotiated
 * @throws RsyncError with exit code 4 without a common name
 */
export async function agreeOnCompressor(
  options: TransferOptions,
  server: boolean,
  offered: OfferedCompressors | undefined,
): Promise<Compression | undefined> {
  const { compress, compressLevel } = options;
  if (compress === undefined || compress === 'none') return undefined;
  const { compressionLevel, negotiateCompressor, parseCompressorName } = await import(
    '@deltawire/compression'
  );
  let name: CompressorName | 'none' | undefined;
  if (offered === undefined) {
    name = parseCompressorName(compress);
    if (name === undefined) throw unknownName(compress);
  } else {
    const { ours, theirs = UNNEGOTIATED } = offered;
    // A server follows the client's order, a client its own: right against every version.
    name = server ? negotiateCompressor(theirs, ours) : negotiateCompressor(ours, theirs);
    if (name === undefined) throw noCommonName('compress', ours, theirs, server);
  }
  if (name === 'none') return undefined;
  const level = compressionLevel(name, compressLevel);
  if (level === undefined) return undefined;
  const stores = options.storeOnly === true && (name === 'zlib' || name === 'zlibx');
  return loadCompression(name, stores ? 0 : level);
}

const unsupported = (message: string, code: string): RsyncError =>
  new RsyncError(message, { code, exitCode: ExitCode.UNSUPPORTED });

const unknownName = (name: string): RsyncError =>
  unsupported(`unknown compress name: ${name}`, 'UNKNOWN_COMPRESSOR');

/**
 * A server whose environment lists compressors accepts no other choice, and says so first of all.
 *
 * @throws RsyncError with exit code 4
 */
export function checkCompressorChoice({ compress, compressList }: TransferOptions): void {
  if (compress === undefined || compress === 'auto' || compressList === undefined) return;
  if (compressList.some((name) => name.toLowerCase() === compress)) return;
  throw unsupported(
    `Your --compress-choice value (${compress}) was refused by the server.`,
    'COMPRESSOR_REFUSED',
  );
}

/** The same for checksums (RSYNC_CHECKSUM_LIST). */
export function checkChecksumChoice({ checksumChoice, checksumList }: TransferOptions): void {
  if (checksumChoice === undefined || checksumList === undefined) return;
  const { transfer, file, text = transfer } = checksumChoice;
  const allowed = new Set(['auto', ...checksumList.map((name) => name.toLowerCase())]);
  if (allowed.has(transfer) && allowed.has(file)) return;
  throw unsupported(
    `Your --checksum-choice value (${text}) was refused by the server.`,
    'CHECKSUM_REFUSED',
  );
}

/** Two lists without a common name. */
export function noCommonName(
  what: 'checksum' | 'compress',
  ours: readonly string[],
  theirs: readonly string[],
  server: boolean,
): RsyncError {
  const list = (side: string, names: readonly string[]): string =>
    `${side} list: ${names.length === 0 ? 'INVALID' : names.join(' ')}`;
  const lists = server
    ? [list('Client', theirs), list('Server', ours)]
    : [list('Server', theirs), list('Client', ours)];
  return unsupported(
    [`Failed to negotiate a ${what} choice.`, ...lists].join('\n'),
    what === 'checksum' ? 'NO_COMMON_CHECKSUM' : 'NO_COMMON_COMPRESSOR',
  );
}
