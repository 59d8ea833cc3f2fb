import { describe, expect, test } from 'vitest';
import { ByteReader, DecodeBuffer } from '../../src/index.ts';
import { CaptureDecoder, loadCaptures, type Piece } from '../captured-lists.ts';
import { inChunks } from '../splits.ts';
import { bytes, hex } from '../vectors.ts';

const captures = loadCaptures();

function decode(stream: Uint8Array, decoder: CaptureDecoder): Piece[] {
  const reader = new ByteReader(stream);
  const pieces: Piece[] = [];
  while (!decoder.done) pieces.push(decoder.read(reader));
  expect(reader.available).toBe(0);
  return pieces;
}

describe.each(captures)('captured list $name: $note', (capture) => {
  const stream = bytes(capture.stream);

  test('decodes to the captured entries', () => {
    const pieces = decode(stream, new CaptureDecoder(capture));
    const entries = pieces.flatMap((piece) => (piece.kind === 'entry' ? [piece.entry] : []));
    const expected = capture.lists.flatMap((list) => list.entries);
    expect(entries).toHaveLength(expected.length);
    expected.forEach((want, i) => {
      const got = entries[i]!;
      const { rdev = 0 } = want;
      const special = want.mode.startsWith('010') && want.mode.length === 6;
      expect({
        name: got.name,
        size: got.size,
        mtime: got.mtime,
        nsec: got.mtimeNs,
        mode: got.mode,
        uid: got.uid,
        gid: got.gid,
        user: got.userName,
        group: got.groupName,
        link: got.linkTarget,
        atime: got.atime,
        sum: got.checksum && hex(got.checksum),
        rdev: Array.isArray(rdev)
          ? [got.rdevMajor, got.rdevMinor]
          : (got.rdevMinor & 0xff) | (got.rdevMajor << 8) | ((got.rdevMinor & 0xfff00) << 12),
      }).toEqual({
        name: want.name,
        size: want.size,
        mtime: want.mtime,
        nsec: want.nsec ?? 0,
        mode: Number.parseInt(want.mode, 8),
        uid: want.uid === undefined ? 0 : want.uid >>> 0,
        gid: want.gid === undefined ? 0 : want.gid >>> 0,
        user: want.user,
        group: want.group,
        link: want.link ?? '',
        atime: want.atime ?? 0,
        sum: want.sum,
        rdev: special ? (Array.isArray(rdev) ? [0, 0] : 0) : rdev,
      });
    });
  });

  test('decodes in chunks of any size', () => {
    const whole = decode(stream, new CaptureDecoder(capture));
    for (const size of [1, 2, 3, 7, 100]) {
      const decoder = new CaptureDecoder(capture);
      const buffer = new DecodeBuffer();
      const pieces: Piece[] = [];
      for (const chunk of inChunks(stream, size)) {
        buffer.push(chunk);
        while (!decoder.done) {
          const piece = buffer.attempt((reader) => decoder.read(reader));
          if (piece === undefined) break;
          pieces.push(piece);
        }
      }
      expect(pieces).toEqual(whole);
      expect(buffer.pending).toBe(0);
    }
  });
});
