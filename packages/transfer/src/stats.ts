/** Entries by kind, as `--stats` lists them. */
export interface KindCounts {
  regular: number;
  directories: number;
  symlinks: number;
  devices: number;
  specials: number;
}

/** How the signatures of basis files were obtained. */
export interface SignatureStats {
  /** Handed to the pool before their turn. */
  ahead: number;
  /** Ready when their turn came. */
  hits: number;
  /** Still being computed when their turn came. */
  waits: number;
  /** Not requested in time, or discarded because the file changed: computed when needed. */
  misses: number;
  /** Too small to be worth a dispatch. */
  inline: number;
  /** Bytes of basis files read for signatures. */
  bytes: number;
  /** Milliseconds the generator spent waiting for signatures that were still being computed. */
  waitMs: number;
}

/** Totals of one transfer, as this side saw them. */
export interface TransferStats {
  /** The protocol that was spoken; 0 when the two sides did not get that far. */
  protocol: number;
  files: KindCounts;
  created: KindCounts;
  deleted: KindCounts;
  transferredFiles: number;
  /** Bytes of all listed regular files and symlinks. */
  totalSize: number;
  transferredSize: number;
  literalBytes: number;
  matchedBytes: number;
  /** Bytes the file list took on the wire. */
  listSize: number;
  listBuildMs: number;
  listTransferMs: number;
  bytesSent: number;
  bytesReceived: number;
  /** Items the receiving side asked for. */
  requested: number;
  signatures: SignatureStats;
}

const kinds = (): KindCounts => ({
  regular: 0,
  directories: 0,
  symlinks: 0,
  devices: 0,
  specials: 0,
});

/** Totals at zero. */
export const createStats = (): TransferStats => ({
  protocol: 0,
  files: kinds(),
  created: kinds(),
  deleted: kinds(),
  transferredFiles: 0,
  totalSize: 0,
  transferredSize: 0,
  literalBytes: 0,
  matchedBytes: 0,
  listSize: 0,
  listBuildMs: 0,
  listTransferMs: 0,
  bytesSent: 0,
  bytesReceived: 0,
  requested: 0,
  signatures: { ahead: 0, hits: 0, waits: 0, misses: 0, inline: 0, bytes: 0, waitMs: 0 },
});

const S_IFMT = 0o170000;

/** Count one entry of the given `st_mode`. */
export function countKind(counts: KindCounts, mode: number): void {
  switch (mode & S_IFMT) {
    case 0o100000:
      counts.regular++;
      break;
    case 0o040000:
      counts.directories++;
      break;
    case 0o120000:
      counts.symlinks++;
      break;
    case 0o020000:
    case 0o060000:
      counts.devices++;
      break;
    default:
      counts.specials++;
  }
}

/** All kinds together. */
export const totalOf = (c: KindCounts): number =>
  c.regular + c.directories + c.symlinks + c.devices + c.specials;
