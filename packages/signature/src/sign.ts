import {
  BlockHasher,
  createBlockHash,
  type StrongHash,
  type TransferChecksum,
  WeakSum,
} from '@deltawire/checksums';
import type { BlockLayout } from './block-layout.ts';
import { type Signature, SignatureError } from './signature.ts';

/** Synchronous positioned read into `target`; returns the bytes read, 0 at the end of the file. */
export type ReadAt = (target: Uint8Array, position: number) => number;

/** Bytes read and hashed at once. */
const CHUNK_BYTES = 1 << 20;
/** Blocks that the kernel hashes side by side; chunks are multiples of it where possible. */
const LANES = 8;

/** One hasher per realm: signing is synchronous, so no two users ever meet in it. */
let shared: BlockHasher | undefined;

function hasherFor(checksum: TransferChecksum): BlockHasher {
  if (shared === undefined) shared = new BlockHasher(checksum, CHUNK_BYTES);
  else shared.use(checksum);
  return shared;
}

/** Whole blocks that fit a chunk, preferably in full sets of lanes; 0 when not even one does. */
function chunkBlocks(blockLength: number): number {
  const fitting = Math.floor(CHUNK_BYTES / blockLength);
  return fitting > LANES ? fitting - (fitting % LANES) : fitting;
}

function requireDigest({ strongLength }: BlockLayout, checksum: TransferChecksum): void {
  if (strongLength <= checksum.digestLength) return;
  throw new SignatureError(
    'DIGEST_TOO_SHORT',
    `${strongLength} bytes of ${checksum.name} wanted, it has ${checksum.digestLength}`,
  );
}

function emptySignature(layout: BlockLayout, checksum: TransferChecksum): Signature {
  const { blockCount, strongLength } = layout;
  requireDigest(layout, checksum);
  return {
    layout,
    weak: new Uint32Array(blockCount),
    strong: new Uint8Array(blockCount * strongLength),
  };
}

function shrank(layout: BlockLayout, position: number): SignatureError {
  return new SignatureError(
    'FILE_SHRANK',
    `file ends at byte ${position}, ${layout.fileLength} bytes expected`,
  );
}

/**
 * Sign a file read through `read`, 1 MiB at a time straight into the kernel's memory.
 *
 * @throws SignatureError when the file is shorter than the layout or its digests are
 */
export function signSync(read: ReadAt, layout: BlockLayout, checksum: TransferChecksum): Signature {
  const signature = emptySignature(layout, checksum);
  signInto(read, signature, checksum);
  return signature;
}

/**
 * The same, with the sums put into the arrays of `signature`, which may be parts of larger ones and
 * need to be as long as its layout says.
 *
 * @throws SignatureError when the file is shorter than the layout or its digests are
 */
export function signInto(read: ReadAt, signature: Signature, checksum: TransferChecksum): void {
  const { layout, weak, strong } = signature;
  const { blockLength, blockCount, fileLength, strongLength } = layout;
  requireDigest(layout, checksum);
  if (blockCount === 0) return;
  const hasher = hasherFor(checksum);
  const step = chunkBlocks(blockLength) * blockLength;
  if (step === 0) {
    signLongBlocks(read, signature, checksum, hasher.input);
    return;
  }
  let block = 0;
  for (let position = 0; position < fileLength; position += step) {
    const length = Math.min(step, fileLength - position);
    fill(read, hasher.input.subarray(0, length), position, layout);
    block += hasher.hashBlocks(length, blockLength, weak, strong, strongLength, block);
  }
}

/** Read until `target` is full. */
function fill(read: ReadAt, target: Uint8Array, position: number, layout: BlockLayout): void {
  let have = 0;
  while (have < target.length) {
    const count = read(have === 0 ? target : target.subarray(have), position + have);
    if (count === 0) throw shrank(layout, position + have);
    have += count;
  }
}

function signLongBlocks(
  read: ReadAt,
  signature: Signature,
  checksum: TransferChecksum,
  buffer: Uint8Array,
): void {
  const { layout } = signature;
  const block = new LongBlock(checksum);
  for (let position = 0; position < layout.fileLength; ) {
    const index = Math.floor(position / layout.blockLength);
    const end = Math.min((index + 1) * layout.blockLength, layout.fileLength);
    const target = buffer.subarray(0, Math.min(buffer.length, end - position));
    fill(read, target, position, layout);
    block.update(target);
    position += target.length;
    if (position === end) block.finish(signature, index);
  }
}

/** A block that does not fit the kernel's input: summed in pieces. */
class LongBlock {
  readonly #weak = new WeakSum();
  readonly #strong: StrongHash;

  constructor(checksum: TransferChecksum) {
    this.#strong = createBlockHash(checksum);
  }

  update(bytes: Uint8Array): void {
    this.#weak.update(bytes);
    this.#strong.update(bytes);
  }

  /** Store the sums as block `index` and begin the next block. */
  finish(signature: Signature, index: number): void {
    const { strongLength } = signature.layout;
    signature.weak[index] = this.#weak.value;
    signature.strong.set(this.#strong.digest().subarray(0, strongLength), index * strongLength);
    this.#weak.reset();
    this.#strong.reset();
  }
}

/** Signs bytes that arrive in chunks of any size. */
export class SignatureBuilder {
  readonly #signature: Signature;
  readonly #checksum: TransferChecksum;
  /** Bytes of whole blocks collected before they are hashed; 0: blocks are hashed in pieces. */
  readonly #step: number;
  readonly #long: LongBlock | undefined;
  #pending: Uint8Array | undefined;
  #pendingLength = 0;
  #position = 0;
  #block = 0;

  constructor(layout: BlockLayout, checksum: TransferChecksum) {
    this.#signature = emptySignature(layout, checksum);
    this.#checksum = checksum;
    this.#step = chunkBlocks(layout.blockLength) * layout.blockLength;
    this.#long = this.#step === 0 ? new LongBlock(checksum) : undefined;
  }

  /** Add the next bytes of the file; those beyond `layout.fileLength` are ignored. */
  push(chunk: Uint8Array): void {
    const { fileLength } = this.#signature.layout;
    const wanted = Math.min(chunk.length, fileLength - this.#position - this.#pendingLength);
    let bytes = chunk.subarray(0, wanted);
    while (bytes.length > 0) {
      const taken = this.#long ? this.#pushLong(this.#long, bytes) : this.#pushBlocks(bytes);
      bytes = bytes.subarray(taken);
    }
  }

  /**
   * The signature of everything pushed.
   *
   * @throws SignatureError when fewer than `layout.fileLength` bytes were pushed
   */
  finish(): Signature {
    const { layout } = this.#signature;
    if (this.#position < layout.fileLength)
      throw shrank(layout, this.#position + this.#pendingLength);
    return this.#signature;
  }

  #pushLong(block: LongBlock, bytes: Uint8Array): number {
    const { blockLength, fileLength } = this.#signature.layout;
    const end = Math.min((this.#block + 1) * blockLength, fileLength);
    const taken = Math.min(bytes.length, end - this.#position);
    block.update(bytes.subarray(0, taken));
    this.#position += taken;
    if (this.#position === end) block.finish(this.#signature, this.#block++);
    return taken;
  }

  /** Collect bytes until a chunk is complete, then hash it. */
  #pushBlocks(bytes: Uint8Array): number {
    const length = Math.min(this.#step, this.#signature.layout.fileLength - this.#position);
    const taken = Math.min(bytes.length, length - this.#pendingLength);
    if (taken === length) {
      this.#hash(bytes.subarray(0, taken));
      return taken;
    }
    this.#pending ??= new Uint8Array(length);
    this.#pending.set(bytes.subarray(0, taken), this.#pendingLength);
    this.#pendingLength += taken;
    if (this.#pendingLength === length) {
      this.#pendingLength = 0;
      this.#hash(this.#pending.subarray(0, length));
    }
    return taken;
  }

  #hash(bytes: Uint8Array): void {
    const { layout, weak, strong } = this.#signature;
    const hasher = hasherFor(this.#checksum);
    hasher.input.set(bytes);
    this.#block += hasher.hashBlocks(
      bytes.length,
      layout.blockLength,
      weak,
      strong,
      layout.strongLength,
      this.#block,
    );
    this.#position += bytes.length;
  }
}

/** Sign bytes in memory or a stream of them. */
export async function sign(
  source: AsyncIterable<Uint8Array> | Uint8Array,
  layout: BlockLayout,
  checksum: TransferChecksum,
): Promise<Signature> {
  const builder = new SignatureBuilder(layout, checksum);
  if (source instanceof Uint8Array) builder.push(source);
  else for await (const chunk of source) builder.push(chunk);
  return builder.finish();
}
