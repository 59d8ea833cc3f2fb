import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planTransferChecksum, type TransferChecksum } from '@deltawire/checksums';
import { planBlocks } from '@deltawire/signature';
import type { SignRequest } from '../src/index.ts';

export const checksum: TransferChecksum = planTransferChecksum({
  name: 'md5',
  origin: 'negotiated',
  protocol: 31,
  seedFix: true,
  seed: 7,
});

/** Files that exist as long as the scope. */
export class Files implements Disposable {
  readonly #directory: string = mkdtempSync(join(tmpdir(), 'async-signature-'));
  readonly #fds: number[] = [];

  /** A file of `length` pseudo-random bytes, open for reading. */
  open(length: number, seed = 1): number {
    const bytes = new Uint8Array(length);
    let x = seed;
    for (let i = 0; i < length; i++) {
      x = (Math.imul(x, 1103515245) + 12345) | 0;
      bytes[i] = x >>> 16;
    }
    return this.openBytes(bytes);
  }

  openBytes(bytes: Uint8Array): number {
    const path = join(this.#directory, `${this.#fds.length}`);
    writeFileSync(path, bytes);
    const fd = openSync(path, 'r');
    this.#fds.push(fd);
    return fd;
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) closeSync(fd);
    rmSync(this.#directory, { recursive: true });
  }
}

export function requestFor(fd: number, length: number, blockSize = 0): SignRequest {
  const { digestLength } = checksum;
  return { fd, checksum, layout: planBlocks(length, { protocol: 31, digestLength, blockSize }) };
}
