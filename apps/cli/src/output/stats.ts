import type { TransferStats } from '@deltawire/transfer';
import { formatCount, formatDecimal, type HumanLevel } from './humanize.ts';

/** What the statistics block needs besides the numbers. */
export interface StatsFormat {
  readonly human: HumanLevel;
  /** Whether this side sent; a puller learns the list times only from protocol 29 on. */
  readonly sends: boolean;
}

type Counts = TransferStats['files'];

/** `6 (reg: 2, dir: 2, link: 1)`: a total, and the kinds that are not zero. */
export function formatKinds(counts: Counts, human: HumanLevel): string {
  const kinds: readonly (readonly [string, number])[] = [
    ['reg', counts.regular],
    ['dir', counts.directories],
    ['link', counts.symlinks],
    ['dev', counts.devices],
    ['special', counts.specials],
  ];
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const parts = kinds
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${kind}: ${formatCount(n, human)}`);
  return formatCount(total, human) + (parts.length > 0 ? ` (${parts.join(', ')})` : '');
}

const seconds = (ms: number): string => `${(Math.max(ms, 1) / 1000).toFixed(3)} seconds`;

/** The block of `--stats`, from its leading empty line on. Source: docs/spec/data.md §13.2. */
export function formatStats(stats: TransferStats, format: StatsFormat): string {
  const { human } = format;
  // Older protocols do not count creations and deletions.
  const { protocol } = stats;
  const bytes = (n: number): string => `${formatCount(n, human)} bytes`;
  const lines = ['', `Number of files: ${formatKinds(stats.files, human)}`];
  if (protocol >= 29) lines.push(`Number of created files: ${formatKinds(stats.created, human)}`);
  if (protocol >= 31) lines.push(`Number of deleted files: ${formatKinds(stats.deleted, human)}`);
  lines.push(
    `Number of regular files transferred: ${formatCount(stats.transferredFiles, human)}`,
    `Total file size: ${bytes(stats.totalSize)}`,
    `Total transferred file size: ${bytes(stats.transferredSize)}`,
    `Literal data: ${bytes(stats.literalBytes)}`,
    `Matched data: ${bytes(stats.matchedBytes)}`,
    // A sender does not count what its list took.
    `File list size: ${formatCount(format.sends ? 0 : stats.listSize, human)}`,
  );
  if (format.sends || protocol >= 29) {
    lines.push(
      `File list generation time: ${seconds(stats.listBuildMs)}`,
      `File list transfer time: ${(stats.listTransferMs / 1000).toFixed(3)} seconds`,
    );
  }
  lines.push(
    `Total bytes sent: ${formatCount(stats.bytesSent, human)}`,
    `Total bytes received: ${formatCount(stats.bytesReceived, human)}`,
  );
  return `${lines.join('\n')}\n`;
}

/**
 * The two lines of `-v` at the end, from their leading empty line on. Source: docs/spec/data.md
 * §13.1.
 *
 * @param elapsed whole seconds the transfer took
 */
export function formatSummary(
  stats: Pick<TransferStats, 'bytesSent' | 'bytesReceived' | 'totalSize'>,
  elapsed: number,
  mode: '' | 'DRY RUN' | 'BATCH ONLY',
  human: HumanLevel,
): string {
  const traffic = stats.bytesSent + stats.bytesReceived;
  const rate = traffic / (0.5 + elapsed);
  const speedup = traffic > 0 ? stats.totalSize / traffic : 0;
  const count = (n: number): string => formatCount(n, human);
  return (
    `\nsent ${count(stats.bytesSent)} bytes  received ${count(stats.bytesReceived)} bytes` +
    `  ${formatDecimal(rate, human)} bytes/sec\n` +
    `total size is ${count(stats.totalSize)}  speedup is ${formatDecimal(speedup, human)}` +
    `${mode === '' ? '' : ` (${mode})`}\n`
  );
}

/**
 * How the signatures of basis files were obtained, one line for `-vv` with `--stats`: Deltawire's
 * own, rsync has nothing like it.
 */
export function formatSignatures(s: TransferStats['signatures'], human: HumanLevel): string {
  const count = (n: number): string => formatCount(n, human);
  return (
    `Signatures ahead: ${count(s.ahead)} (hit: ${count(s.hits)}, wait: ${count(s.waits)}, ` +
    `miss: ${count(s.misses)}, inline: ${count(s.inline)}), ${count(s.bytes)} bytes read, ` +
    `${(s.waitMs / 1000).toFixed(3)} seconds waited\n`
  );
}
