import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  readDeleteStats,
  readTransferStats,
  writeDeleteStats,
  writeTransferStats,
} from '../src/index.ts';
import { bytes, dialects, hex } from './vectors.ts';

test('captured statistics', () => {
  const p32 = bytes('006300 00fa08 00e107 000100 000000');
  expect(readTransferStats(new ByteReader(p32), createDialect(32, 0x1ff))).toEqual({
    bytesRead: 99,
    bytesWritten: 2298,
    totalSize: 2017,
    listBuildMs: 1,
    listTransferMs: 0,
  });
  const p27 = bytes('48000000 f5080000 e1070000');
  expect(readTransferStats(new ByteReader(p27), createDialect(27, 0))).toEqual({
    bytesRead: 72,
    bytesWritten: 2293,
    totalSize: 2017,
    listBuildMs: 0,
    listTransferMs: 0,
  });
});

test('captured deletion counts', () => {
  const writer = new ByteWriter();
  const counts = { files: 4, directories: 1, symlinks: 1, devices: 0, specials: 0 };
  writeDeleteStats(writer, counts);
  const encoded = writer.take();
  expect(hex(encoded)).toBe('0401010000');
  expect(readDeleteStats(new ByteReader(encoded))).toEqual(counts);
});

test('any statistics survive in every dialect', () => {
  const n = fc.nat(Number.MAX_SAFE_INTEGER);
  fc.assert(
    fc.property(
      fc.record({
        bytesRead: n,
        bytesWritten: n,
        totalSize: n,
        listBuildMs: n,
        listTransferMs: n,
      }),
      fc.constantFrom(...dialects),
      (stats, dialect) => {
        const writer = new ByteWriter();
        writeTransferStats(writer, dialect, stats);
        const got = readTransferStats(new ByteReader(writer.take()), dialect);
        expect(got).toEqual(
          dialect.protocol >= 29 ? stats : { ...stats, listBuildMs: 0, listTransferMs: 0 },
        );
      },
    ),
  );
});
