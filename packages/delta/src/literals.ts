import { type DeltaOp, type LiteralOp, MAX_LITERAL } from './delta-op.ts';
import { FileWindow, type WindowSource } from './file-window.ts';

/** Bytes read at a time when there is nothing to search for. */
const READ_BYTES = 256 * 1024;

/** The first piece, at most {@link MAX_LITERAL} bytes, of the literal from `from` to `to`; both file positions. */
export function literalOp(window: FileWindow, from: number, to: number): LiteralOp {
  const start = from - window.start;
  const length = Math.min(to - from, MAX_LITERAL);
  return { kind: 'literal', bytes: window.bytes.subarray(start, start + length) };
}

/** The whole file as literals: what is sent when there is no basis. */
export function* wholeFile(source: WindowSource): Generator<DeltaOp, void, void> {
  const { fileLength } = source;
  const window = new FileWindow(new Uint8Array(Math.min(READ_BYTES, fileLength)), source);
  for (let position = 0; position < fileLength; position += MAX_LITERAL) {
    if (position === window.end) window.slide(position);
    yield literalOp(window, position, window.end);
  }
}
