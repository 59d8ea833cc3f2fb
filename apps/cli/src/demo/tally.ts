import type { TransferEvent, TransferStats } from '@deltawire/transfer';

const TRANSFER = 0x8000;

/** What one pull did, counted from its events; sizes in bytes. */
export interface Tally {
  /** Entries in the sender's list. */
  readonly listed: number;
  /** Files whose data was asked for. */
  readonly requested: number;
  readonly deleted: number;
  readonly literalBytes: number;
  readonly matchedBytes: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Signatures by how they were there when their turn came. */
  readonly hits: number;
  readonly waits: number;
  readonly misses: number;
  readonly inline: number;
  readonly milliseconds: number;
}

/** Counts the events of one pull. */
export class TallyCounter {
  readonly #startedAt = performance.now();
  #requested = 0;
  #deleted = 0;
  #literal = 0;
  #matched = 0;
  readonly #outcomes = { hit: 0, wait: 0, miss: 0, inline: 0 };

  readonly onEvent = (event: TransferEvent): void => {
    if (event.kind === 'item' && event.iflags & TRANSFER) this.#requested++;
    else if (event.kind === 'delete') this.#deleted++;
    else if (event.kind === 'transferred') {
      this.#literal += event.literalBytes;
      this.#matched += event.matchedBytes;
    } else if (event.kind === 'signature' && event.phase === 'used' && event.outcome) {
      this.#outcomes[event.outcome]++;
    }
  };

  /** The totals, once the transfer has ended with these statistics. */
  finish(stats: TransferStats): Tally {
    const { files } = stats;
    return {
      listed: files.regular + files.directories + files.symlinks + files.devices + files.specials,
      requested: this.#requested,
      deleted: this.#deleted,
      literalBytes: this.#literal,
      matchedBytes: this.#matched,
      bytesSent: stats.bytesSent,
      bytesReceived: stats.bytesReceived,
      hits: this.#outcomes.hit,
      waits: this.#outcomes.wait,
      misses: this.#outcomes.miss,
      inline: this.#outcomes.inline,
      milliseconds: performance.now() - this.#startedAt,
    };
  }
}
