import { digestLength, type HashName } from './algorithms.ts';
import { ALGORITHM, STAGE_BYTES, workbench } from './kernel.ts';

/** A hash fed in pieces. */
export interface StrongHash {
  /** Add `bytes` to the message. */
  update(bytes: Uint8Array): void;
  /** The digest in wire order (docs/spec/data.md §5.2), a fresh array. Call `reset` before any other use. */
  digest(): Uint8Array;
  /** Begin a new message. */
  reset(): void;
}

/** Makes a faster hash than ours for `name`, or nothing. */
export type NativeHashFactory = (name: HashName) => StrongHash | undefined;

let nativeHash: NativeHashFactory | undefined;

/**
 * Let `createStrongHash` ask `factory` first, for example for `node:crypto`'s SHA-1, which this
 * package cannot import. Undefined removes it. Block sums never use it.
 */
export function setNativeHash(factory: NativeHashFactory | undefined): void {
  nativeHash = factory;
}

/** A streaming hash without a seed; `none` digests to one zero byte. */
export function createStrongHash(name: HashName): StrongHash {
  return nativeHash?.(name) ?? createKernelHash(name, 0);
}

/** The same, always in WebAssembly; `seed` (int32) is the seed parameter of the XXH family. */
export function createKernelHash(name: HashName, seed: number): StrongHash {
  return name === 'none' ? new NoHash() : new KernelHash(name, seed);
}

/** Whose state the kernel holds. The others keep theirs in an array of their own. */
let resident: KernelHash | undefined;

class KernelHash implements StrongHash {
  readonly #name: HashName;
  readonly #algorithm: number;
  readonly #seed: number;
  #saved: Uint8Array | undefined;
  #started = false;

  constructor(name: Exclude<HashName, 'none'>, seed: number) {
    this.#name = name;
    this.#algorithm = ALGORITHM[name];
    this.#seed = seed;
  }

  update(bytes: Uint8Array): void {
    const { kernel, stage, stageAddress } = this.#enter();
    for (let from = 0; from < bytes.length; from += STAGE_BYTES) {
      const piece = bytes.length <= STAGE_BYTES ? bytes : bytes.subarray(from, from + STAGE_BYTES);
      stage.set(piece);
      kernel.streamUpdate(this.#algorithm, stageAddress, piece.length);
    }
  }

  digest(): Uint8Array {
    const { kernel, digest, digestAddress } = this.#enter();
    kernel.streamDigest(this.#algorithm, digestAddress);
    this.#started = false; // finished: nothing has to be saved for it
    return digest.slice(0, digestLength(this.#name));
  }

  reset(): void {
    this.#started = false;
  }

  /** Move this hash's state into the kernel, and the previous owner's out. */
  #enter(): ReturnType<typeof workbench> {
    const bench = workbench();
    if (resident !== this) {
      if (resident !== undefined) resident.#leave(bench.state);
      if (this.#started && this.#saved !== undefined) bench.state.set(this.#saved);
      resident = this;
    }
    if (!this.#started) {
      bench.kernel.streamInit(this.#algorithm, this.#seed);
      this.#started = true;
    }
    return bench;
  }

  #leave(state: Uint8Array): void {
    if (!this.#started) return;
    this.#saved ??= new Uint8Array(state.length);
    this.#saved.set(state);
  }
}

class NoHash implements StrongHash {
  update(_bytes: Uint8Array): void {}

  digest(): Uint8Array {
    return new Uint8Array(1);
  }

  reset(): void {}
}
