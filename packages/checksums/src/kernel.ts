/** Loads the WebAssembly module of `assembly/`: compiled on first use, never on import. */
import type { HashName } from './algorithms.ts';
import { wasmBase64 as scalarBase64 } from './kernel-scalar.wasm.ts';
import { wasmBase64 as simdBase64 } from './kernel-simd.wasm.ts';

/** What the module exports; addresses and lengths are bytes in its memory. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  freePointer(): number;
  statePointer(): number;
  stateBytes(): number;
  weakSum(address: number, length: number): number;
  streamInit(algorithm: number, seed: number): void;
  streamUpdate(algorithm: number, address: number, length: number): void;
  streamDigest(algorithm: number, out: number): void;
  useSeed(algorithm: number, seed: number): void;
  strongSum(
    algorithm: number,
    address: number,
    length: number,
    seedMode: number,
    seed: number,
    out: number,
  ): void;
  hashBlocks(
    algorithm: number,
    address: number,
    byteLength: number,
    blockLength: number,
    seedMode: number,
    seed: number,
    weak: number,
    strong: number,
    strongLength: number,
  ): number;
}

/** A module that returns an i8x16 splat: valid exactly where SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Whether this runtime has WebAssembly SIMD. */
export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD_PROBE);
}

const PAGE_BYTES = 65536;
const modules: { simd?: WebAssembly.Module; scalar?: WebAssembly.Module } = {};

function compile(base64: string): WebAssembly.Module {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  // In short runs: a function called often is compiled soon, one long loop stays interpreted (5x).
  for (let from = 0; from < text.length; from += 256) copyRun(text, bytes, from);
  return new WebAssembly.Module(bytes);
}

function copyRun(text: string, bytes: Uint8Array, from: number): void {
  const end = Math.min(from + 256, text.length);
  for (let i = from; i < end; i++) bytes[i] = text.charCodeAt(i);
}

/**
 * A new instance with at least `workBytes` of memory from `work` (a multiple of 64) on. The module
 * is compiled once per realm; both variants compute the same values.
 */
export function createKernel(
  workBytes: number,
  variant: 'simd' | 'scalar' = hasSimd() ? 'simd' : 'scalar',
): { kernel: Kernel; work: number } {
  modules[variant] ??= compile(variant === 'simd' ? simdBase64 : scalarBase64);
  const { exports } = new WebAssembly.Instance(modules[variant]);
  const kernel = exports as unknown as Kernel;
  const work = (kernel.freePointer() + 63) & ~63;
  const missing = work + workBytes - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
  return { kernel, work };
}

/** Numbers of the hashes in `assembly/algorithms.ts`. */
export const ALGORITHM: Record<Exclude<HashName, 'none'>, number> = {
  xxh128: 0,
  xxh3: 1,
  xxh64: 2,
  md5: 3,
  md4: 4,
  sha1: 5,
  sha256: 6,
  sha512: 7,
};

/** Bytes that one `Workbench` call can take at once. */
export const STAGE_BYTES = 65536;

/** The shared instance for bytes that come from elsewhere: they are copied through `stage`. */
export interface Workbench {
  readonly kernel: Kernel;
  readonly stageAddress: number;
  readonly stage: Uint8Array;
  readonly state: Uint8Array;
  readonly digestAddress: number;
  readonly digest: Uint8Array;
}

let shared: Workbench | undefined;

/** One instance per realm; made on first use. */
export function workbench(): Workbench {
  shared ??= createWorkbench();
  return shared;
}

function createWorkbench(): Workbench {
  const { kernel, work } = createKernel(STAGE_BYTES + 64);
  const view = (address: number, length: number): Uint8Array =>
    new Uint8Array(kernel.memory.buffer, address, length);
  return {
    kernel,
    stageAddress: work,
    stage: view(work, STAGE_BYTES),
    state: view(kernel.statePointer(), kernel.stateBytes()),
    digestAddress: work + STAGE_BYTES,
    digest: view(work + STAGE_BYTES, 64),
  };
}
