import type { TransferEvent } from '@deltawire/transfer';
import type { Lines } from './lines.ts';

/** How far the file list is: `sending incremental file list`, `building file list ... done`. */
export class ListLines {
  readonly #lines: Lines;
  readonly #level: number;
  #filesShown = 0;

  /** @param level of `--info=flist`: 1 to name what is done, 2 to count aloud */
  constructor(lines: Lines, level: number) {
    this.#lines = lines;
    this.#level = level;
  }

  onList(event: Extract<TransferEvent, { kind: 'list' }>): void {
    if (this.#level === 0) return;
    const sending = event.direction === 'sending';
    const counts = this.#level >= 2;
    if (event.incremental) {
      if (event.state === 'start') this.#lines.print(`${event.direction} incremental file list\n`);
    } else if (event.state === 'start') {
      this.#filesShown = 0;
      this.#lines.print('');
      this.#lines.draw(sending ? 'building file list ... ' : 'receiving file list ... ', true);
      // A sender counts aloud from the start, a receiver from the first hundred on.
      if (counts && sending) this.#lines.draw('\n 0 files...\r', true);
    } else if (event.state === 'progress') {
      if (counts) this.#count(event.files, sending);
    } else {
      const files = `${event.files} ${event.files === 1 ? 'file' : 'files'}`;
      this.#lines.draw(counts ? `${files} to consider\n` : 'done\n', false);
    }
  }

  #count(files: number, sending: boolean): void {
    while (this.#filesShown + 100 <= files) {
      const first = this.#filesShown === 0 && !sending;
      this.#filesShown += 100;
      this.#lines.draw(`${first ? '\n' : ''} ${this.#filesShown} files...\r`, true);
    }
  }
}
