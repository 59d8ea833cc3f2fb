import { hashBlock, weakSum } from '@deltawire/checksums';
import type { Signature } from '@deltawire/signature';
import type { Token } from './deltas.ts';
import { checksumOf } from './deltas.ts';

/**
 * The rules of docs/spec/data.md §7.2, read out loud: no rolling, no tables, no windows. Slow and
 * obvious, to compare with.
 */
export function naiveTokens(bytes: Uint8Array, signature: Signature, inPlace: boolean): Token[] {
  const { blockCount, blockLength, remainderLength, strongLength } = signature.layout;
  const checksum = checksumOf();
  const lengthOf = (block: number): number =>
    block === blockCount - 1 && remainderLength > 0 ? remainderLength : blockLength;
  const strongOf = (block: number): string =>
    signature.strong.subarray(block * strongLength, (block + 1) * strongLength).toString();
  const sumsAt = (offset: number, length: number): [number, string] => {
    const window = bytes.subarray(offset, offset + length);
    return [weakSum(window), hashBlock(checksum, window).subarray(0, strongLength).toString()];
  };
  const tokens: Token[] = [];
  const same = new Set<number>();
  let want = 0;
  let last = 0;
  const literal = (to: number): void => {
    for (; last < to; last += 32768) tokens.push(['lit', Math.min(32768, to - last)]);
    last = to;
  };
  for (let offset = 0; blockCount > 0 && offset < bytes.length + 1 - lengthOf(blockCount - 1); ) {
    const length = Math.min(blockLength, bytes.length - offset);
    const [weak, strong] = sumsAt(offset, length);
    const fits = (block: number): boolean =>
      block < blockCount &&
      signature.weak[block] === weak &&
      lengthOf(block) === length &&
      strongOf(block) === strong;
    const usable = (block: number): boolean =>
      !inPlace || block * blockLength >= offset || same.has(block);
    let candidates = 0;
    let found = -1;
    for (let block = blockCount - 1; block >= 0 && found < 0; block--) {
      if (signature.weak[block] !== weak) continue;
      if (++candidates > 1024) break;
      if (usable(block) && fits(block)) found = block;
    }
    if (found < 0) {
      offset++;
      continue;
    }
    let at = offset;
    if (inPlace) {
      const aligned = Math.ceil(offset / blockLength);
      const start = aligned * blockLength;
      const slips = weak === 0 && length === blockLength && start + length <= bytes.length;
      if ((start === offset || slips) && fits(aligned)) {
        const there = sumsAt(start, length);
        found = aligned;
        if (start === offset || (there[0] === weak && there[1] === strong)) {
          same.add(aligned);
          want = aligned;
          at = start;
        } else {
          want = -1;
        }
      }
    }
    const wantUsable = !inPlace || want * blockLength >= at || same.has(want);
    if (want >= 0 && found !== want && fits(want) && wantUsable) found = want;
    want = found + 1;
    literal(at);
    tokens.push(['match', found]);
    offset = at + length;
    last = offset;
  }
  literal(bytes.length);
  return tokens;
}
