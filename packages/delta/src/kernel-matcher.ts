import type { TransferChecksum } from '@deltawire/checksums';
import { type BlockIndex, fullBlockCount } from './block-index.ts';
import { type DeltaOp, MAX_LITERAL } from './delta-op.ts';
import { FileWindow, type WindowSource } from './file-window.ts';
import { type KernelLayout, OPS_CAPACITY } from './kernel-layout.ts';
import { literalOp } from './literals.ts';
import { MatchRun } from './match-run.ts';
import { finishSearch } from './matcher.ts';
import { returnKernel, type SearchKernel, takeKernel } from './search-kernel.ts';

/** Numbers of the algorithms in the assembly of `@deltawire/checksums`. */
const ALGORITHM = { xxh128: 0, xxh3: 1, xxh64: 2, md5: 3, md4: 4, sha1: 5 } as const;

/** Numbers of the places of the seed, there. */
const SEED_MODE = { none: 0, before: 1, after: 2, parameter: 3 } as const;

/** The same as `matchBlocks`, in WebAssembly: tables, file window and strong sums are in its memory. */
export function* matchBlocksInKernel(
  source: WindowSource,
  index: BlockIndex,
  inPlace: boolean,
  plan: KernelLayout,
  windowBytes: number,
): Generator<DeltaOp, void, void> {
  const kernel = takeKernel(plan.byteLength);
  try {
    const base = (kernel.freePointer() + 63) & ~63;
    const { buffer } = kernel.memory;
    loadIndex(kernel, base, plan, index);
    const windowAt = base + plan.window;
    const window = new FileWindow(new Uint8Array(buffer, windowAt, windowBytes), source);
    kernel.begin(windowAt, inPlace ? base + plan.flags : 0, base + plan.ops, OPS_CAPACITY);
    const ops = new Uint32Array(buffer, base + plan.ops, OPS_CAPACITY * 3);
    const { blockLength } = index.signature.layout;
    const { fileLength } = source;
    const run = new MatchRun(blockLength);
    let last = 0; // file position behind what has been emitted

    while (last + blockLength <= fileLength) {
      if (window.end < fileLength) {
        kernel.moved(last - window.start);
        window.slide(last);
        kernel.placeFile(windowAt, window.start);
      }
      const isLast = window.end === fileLength;
      let count = 0;
      do {
        count = kernel.scan(windowAt + window.end - window.start, isLast);
        for (let i = 0; i < count; i++) {
          const end = last + ops[3 * i]!;
          if (last < end && run.count > 0) yield run.take();
          for (; last < end; last += MAX_LITERAL) yield literalOp(window, last, end);
          last = end;
          let block = ops[3 * i + 1]!;
          let more = ops[3 * i + 2]!;
          last += more * blockLength;
          while (more > 0) {
            if (!run.accepts(block)) yield run.take();
            const taken = run.add(block, more);
            block += taken;
            more -= taken;
          }
        }
      } while (count === OPS_CAPACITY);
      const position = kernel.position() - windowAt + window.start;
      if (position - last >= MAX_LITERAL && run.count > 0) yield run.take();
      for (; position - last >= MAX_LITERAL; last += MAX_LITERAL) {
        yield literalOp(window, last, position);
      }
      kernel.emitLiteral(windowAt + last - window.start);
      if (isLast) break;
    }
    yield* finishSearch({ window, fileLength, index, inPlace }, last, run);
  } finally {
    returnKernel(kernel);
  }
}

function loadIndex(
  kernel: SearchKernel,
  base: number,
  plan: KernelLayout,
  index: BlockIndex,
): void {
  const { signature, checksum } = index;
  const { blockLength, strongLength } = signature.layout;
  const count = fullBlockCount(signature.layout);
  const { buffer } = kernel.memory;
  new Uint32Array(buffer, base + plan.sums, count).set(signature.weak.subarray(0, count));
  new Uint8Array(buffer, base + plan.strongs, count * strongLength).set(
    signature.strong.subarray(0, count * strongLength),
  );
  kernel.useBlocks(
    count,
    blockLength,
    strongLength,
    algorithmOf(checksum),
    checksum.seed === 0 ? SEED_MODE.none : SEED_MODE[checksum.blockSeed],
    checksum.seed,
  );
  kernel.useTables(
    base + plan.sums,
    base + plan.strongs,
    base + plan.next,
    base + plan.ranks,
    base + plan.heads,
    plan.bucketBits,
    base + plan.filter,
    plan.filterWords,
  );
  kernel.buildTables();
}

/** Can the kernel check this kind of strong sum? */
export function isKernelChecksum({ name }: TransferChecksum): boolean {
  return name !== 'none';
}

function algorithmOf({ name }: TransferChecksum): number {
  if (name === 'none') throw new TypeError('there are no block sums without a checksum');
  return ALGORITHM[name];
}
