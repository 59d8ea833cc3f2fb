import {
  type ChecksumName,
  digestLength,
  planTransferChecksum,
  type TransferChecksum,
} from '@deltawire/checksums';
import { planBlocks, type ReadAt, type Signature, signSync } from '@deltawire/signature';
import { DeltaApplier } from '../src/apply.ts';
import type { DeltaOp } from '../src/delta-op.ts';

/** A token as the vectors write it. */
export type Token = ['lit', length: number] | ['match', block: number];

export function checksumOf(name: ChecksumName = 'md5', seed = 9): TransferChecksum {
  return planTransferChecksum({ name, origin: 'negotiated', protocol: 31, seedFix: true, seed });
}

export function readerOf(bytes: Uint8Array): ReadAt {
  return (target, position) => {
    const part = bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  };
}

export interface SignOptions {
  readonly blockSize?: number;
  readonly full?: boolean;
  readonly checksum?: TransferChecksum;
}

export function signatureOf(old: Uint8Array, options: SignOptions = {}): Signature {
  const { checksum = checksumOf(), blockSize, full = false } = options;
  const layout = planBlocks(old.length, {
    protocol: 31,
    digestLength: digestLength(checksum.name),
    full,
    ...(blockSize === undefined ? {} : { blockSize }),
  });
  return signSync(readerOf(old), layout, checksum);
}

/** One token per block and literal. */
export function tokensOf(ops: Iterable<DeltaOp>): Token[] {
  const tokens: Token[] = [];
  for (const op of ops) {
    if (op.kind === 'literal') tokens.push(['lit', op.bytes.length]);
    else for (let i = 0; i < op.count; i++) tokens.push(['match', op.block + i]);
  }
  return tokens;
}

/** The file that `ops` describe; with `inPlace` the copy of `old` is itself overwritten. */
export function rebuilt(
  old: Uint8Array,
  ops: Iterable<DeltaOp>,
  signature: Signature,
  options: { inPlace?: boolean; bufferBytes?: number } = {},
): Uint8Array {
  const { inPlace = false } = options;
  let target = inPlace ? old.slice() : new Uint8Array(0);
  const applier = new DeltaApplier({
    layout: signature.layout,
    readBasis: (into, position) => readerOf(inPlace ? target : old)(into, position),
    write: (bytes, position) => {
      if (target.length < position + bytes.length) {
        const grown = new Uint8Array(position + bytes.length);
        grown.set(target);
        target = grown;
      }
      target.set(bytes, position);
    },
    ...options,
  });
  for (const op of ops) {
    if (op.kind === 'literal') applier.literal(op.bytes);
    else for (let i = 0; i < op.count; i++) applier.match(op.block + i);
  }
  const { length } = applier.finish();
  return target.subarray(0, length);
}
