import { describe, expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  FileEntryWriter,
  NdxWriter,
  writeIdList,
} from '../../src/index.ts';
import { CaptureDecoder, captureOptions, loadCaptures } from '../captured-lists.ts';
import { bytes, hex } from '../vectors.ts';

describe.each(loadCaptures())('captured list $name: $note', (capture) => {
  test('is written again byte for byte', () => {
    const decoder = new CaptureDecoder(capture);
    const reader = new ByteReader(bytes(capture.stream));
    const { dialect } = decoder;
    const writer = new ByteWriter();
    const entries = new FileEntryWriter(dialect, captureOptions(capture));
    const ndx = new NdxWriter(dialect);
    while (!decoder.done) {
      const piece = decoder.read(reader);
      if (piece.kind === 'entry') entries.write(writer, piece.entry, piece.start);
      else if (piece.kind === 'extra') writer.bytes(piece.bytes);
      else if (piece.kind === 'end') entries.end(writer, piece.ioError);
      else if (piece.kind === 'ndx') ndx.write(writer, piece.ndx);
      else if (piece.kind === 'ids') writeIdList(writer, dialect, piece.list);
      else writer.i32(piece.value);
    }
    expect(hex(writer.take())).toBe(capture.stream);
  });
});
