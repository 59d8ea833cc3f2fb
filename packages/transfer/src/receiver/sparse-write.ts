import { writeAt } from '@deltawire/filesystem';

/** Zeros are looked for in pieces of this many bytes: a shorter hole saves nothing. */
const PIECE_BYTES = 1024;
const ZEROS = Buffer.alloc(PIECE_BYTES);

/**
 * Write `bytes` at `position`, leaving holes for runs of zeros (`--sparse`, docs/spec/data.md §9.3). Below
 * `oldLength` the file may have other content, so zeros are written there. The caller gives the file its
 * length afterwards.
 */
export function sparseWrite(
  fd: number,
  bytes: Uint8Array,
  position: number,
  oldLength: number,
): void {
  let from = 0;
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    if (position + at < oldLength || !isZero(piece)) continue;
    if (at > from) writeAt(fd, bytes.subarray(from, at), position + from);
    from = at + piece.length;
  }
  if (from < bytes.length) writeAt(fd, bytes.subarray(from), position + from);
}

const isZero = (piece: Uint8Array): boolean =>
  piece[0] === 0 && ZEROS.compare(piece, 0, piece.length, 0, piece.length) === 0;
