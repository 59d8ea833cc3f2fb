import { wasmBase64 } from './search.wasm.ts';

/** What the module of `assembly/search.ts` exports; addresses and lengths are bytes in its memory. */
export interface SearchKernel {
  readonly memory: WebAssembly.Memory;
  freePointer(): number;
  useBlocks(
    fullCount: number,
    blockLength: number,
    strongLength: number,
    algorithm: number,
    seedMode: number,
    seed: number,
  ): void;
  useTables(
    sums: number,
    strongs: number,
    next: number,
    ranks: number,
    heads: number,
    bucketBits: number,
    filter: number,
    filterWords: number,
  ): void;
  buildTables(): void;
  begin(address: number, flags: number, ops: number, opsCapacity: number): void;
  placeFile(address: number, position: number): void;
  moved(by: number): void;
  scan(end: number, isLast: boolean): number;
  position(): number;
  emitted(): number;
  emitLiteral(address: number): void;
}

/** A module that returns an i8x16 splat: valid exactly where SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Instances with at most so much memory are kept for the next search. */
const KEEP_BYTES = 16 * 1024 * 1024;

/** Idle instances kept; more are only in use when searches run side by side. */
const KEEP_COUNT = 2;

const PAGE_BYTES = 65536;

let compiled: WebAssembly.Module | undefined;
const idle: SearchKernel[] = [];

/** Whether this runtime can run the module. */
export function hasSimd(): boolean {
  return WebAssembly.validate(SIMD_PROBE);
}

/** Whether the module is compiled already. */
export function isKernelReady(): boolean {
  return compiled !== undefined;
}

/** An instance of one's own, with at least `bytes` of memory from `freePointer()` on; its contents are arbitrary. */
export function takeKernel(bytes: number): SearchKernel {
  compiled ??= compile();
  const kernel =
    idle.pop() ?? (new WebAssembly.Instance(compiled).exports as unknown as SearchKernel);
  const missing = kernel.freePointer() + bytes - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
  return kernel;
}

/** Give an instance back; nothing may use its memory any more. */
export function returnKernel(kernel: SearchKernel): void {
  if (idle.length < KEEP_COUNT && kernel.memory.buffer.byteLength <= KEEP_BYTES) idle.push(kernel);
}

function compile(): WebAssembly.Module {
  const text = atob(wasmBase64);
  const bytes = new Uint8Array(text.length);
  // In short runs: a function called often is compiled soon, one long loop stays interpreted.
  for (let from = 0; from < text.length; from += 256) copyRun(text, bytes, from);
  return new WebAssembly.Module(bytes);
}

function copyRun(text: string, bytes: Uint8Array, from: number): void {
  const end = Math.min(from + 256, text.length);
  for (let i = from; i < end; i++) bytes[i] = text.charCodeAt(i);
}
