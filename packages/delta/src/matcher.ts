import { hashBlock, weakSum } from '@deltawire/checksums';
import { BlockChooser } from './block-chooser.ts';
import { fullBlockCount } from './block-index.ts';
import { type DeltaOp, MAX_LITERAL } from './delta-op.ts';
import { literalOp } from './literals.ts';
import { MatchRun } from './match-run.ts';
import type { Search } from './search-input.ts';

/**
 * Find the blocks of an index in a file, in plain TypeScript: docs/spec/data.md §7.2.
 *
 * This is the form to read, and the one that the WebAssembly form is tested against.
 */
export function* matchBlocks(search: Search): Generator<DeltaOp, void, void> {
  const { window, fileLength, index } = search;
  const { layout } = index.signature;
  const { blockLength } = layout;
  const { filter, filterMask } = index.tables;
  const { bytes } = window;
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const chooser = new BlockChooser(search);
  const run = new MatchRun(blockLength);
  /** Last offset at which a full block fits, negative when there is none. */
  const lastFull = fullBlockCount(layout) === 0 ? -1 : fileLength - blockLength;

  let last = 0; // file position behind what has been emitted
  let offset = 0; // file position of the search window
  let fresh = true; // the sums are to be computed, not rolled
  let s1 = 0;
  let s2 = 0;

  while (offset <= lastFull) {
    if (offset + blockLength > window.end) window.slide(last);
    let p = offset - window.start;
    if (fresh) {
      const sum = weakSum(bytes.subarray(p, p + blockLength));
      s1 = sum & 0xffff;
      s2 = sum >>> 16;
      fresh = false;
    }
    const stop = Math.min(window.end - blockLength, last + MAX_LITERAL) - window.start;
    while (p < stop && ((filter[s2 & filterMask]! >>> s1) & 1) === 0) {
      const out = signed[p]!;
      s1 = (s1 + signed[p + blockLength]! - out) | 0;
      s2 = (s2 + s1 - Math.imul(blockLength, out)) | 0;
      p++;
    }
    offset = window.start + p;

    if (((filter[s2 & filterMask]! >>> s1) & 1) === 1) {
      const block = chooser.choose(offset, (s1 & 0xffff) | (s2 << 16), last);
      if (block >= 0) {
        const { matchedAt } = chooser;
        if (last < matchedAt && run.count > 0) yield run.take();
        for (; last < matchedAt; last += MAX_LITERAL) yield literalOp(window, last, matchedAt);
        if (!run.accepts(block)) yield run.take();
        run.add(block);
        last = matchedAt + blockLength;
        offset = last;
        fresh = true;
        continue;
      }
    }
    if (offset - last >= MAX_LITERAL) {
      if (run.count > 0) yield run.take();
      yield literalOp(window, last, offset);
      last += MAX_LITERAL;
    }
    if (offset === lastFull) break;
    if (offset + blockLength === window.end) window.slide(last);
    p = offset - window.start;
    const out = signed[p]!;
    s1 = (s1 + signed[p + blockLength]! - out) | 0;
    s2 = (s2 + s1 - Math.imul(blockLength, out)) | 0;
    offset++;
  }
  yield* finishSearch(search, last, run);
}

/**
 * What is left after the last full-length window: literal, and the short last block if the file ends in it.
 *
 * @param from - file position behind what has been emitted
 */
export function* finishSearch(
  search: Search,
  from: number,
  run: MatchRun,
): Generator<DeltaOp, void, void> {
  const { window, fileLength, index } = search;
  const { blockCount, remainderLength } = index.signature.layout;
  const tail = remainderLength === 0 ? -1 : fileLength - remainderLength;
  let last = from;
  // Literals are cut from where they begin, so only whole pieces may go before the tail is known.
  while (last + MAX_LITERAL <= tail) {
    if (run.count > 0) yield run.take();
    if (last + MAX_LITERAL > window.end) window.slide(last);
    yield literalOp(window, last, tail);
    last += MAX_LITERAL;
  }
  if (window.end < fileLength) window.slide(last);
  const matches = last <= tail && tailMatches(search, tail);
  const end = matches ? tail : fileLength;
  if (last < end && run.count > 0) yield run.take();
  for (; last < end; last += MAX_LITERAL) yield literalOp(window, last, end);
  if (matches) {
    if (!run.accepts(blockCount - 1)) yield run.take();
    run.add(blockCount - 1);
  }
  if (run.count > 0) yield run.take();
}

/** Is the file from `tail` to its end the short last block of the basis? */
function tailMatches(search: Search, tail: number): boolean {
  const { window, index } = search;
  const { layout, weak, strong } = index.signature;
  const block = layout.blockCount - 1;
  if (search.inPlace && block * layout.blockLength < tail) return false;
  const bytes = window.bytes.subarray(tail - window.start, window.end - window.start);
  if (weakSum(bytes) !== weak[block]) return false;
  const digest = hashBlock(index.checksum, bytes);
  return strong
    .subarray(block * layout.strongLength, (block + 1) * layout.strongLength)
    .every((byte, i) => byte === digest[i]);
}
