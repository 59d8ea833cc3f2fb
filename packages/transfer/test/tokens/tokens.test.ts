import { everySplit, loadVectors, randomBytes } from '@deltawire/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CODECS,
  type Codec,
  contentOf,
  layoutOf,
  type Operation,
  readFiles,
  type SampleFile,
  writeFiles,
} from './codecs.ts';

const basis = Buffer.from(randomBytes(300_000, 1));
const fresh = Buffer.concat([Buffer.alloc(50_000, 'new and new again '), randomBytes(50_000, 2)]);

/** Literal data is new, or what the basis has near the matched blocks. */
const literal = fc
  .record({
    from: fc.constantFrom(basis, fresh),
    start: fc.nat(60_000),
    length: fc.integer({ min: 1, max: 32_768 }),
  })
  .map(
    ({ from, start, length }): Operation => ({
      kind: 'literal',
      bytes: from.subarray(start, start + length),
    }),
  );

const sample = fc
  .constantFrom(100, 700, 4000, 65_535, 65_536, 100_000, 131_072)
  .chain((blockLength) => {
    const layout = layoutOf(basis.length, blockLength);
    const match = fc
      .record({ block: fc.nat(layout.blockCount - 1), count: fc.integer({ min: 1, max: 300 }) })
      .map(
        ({ block, count }): Operation => ({
          kind: 'match',
          block,
          count: Math.min(count, layout.blockCount - block),
        }),
      );
    return fc
      .array(fc.oneof(literal, match), { maxLength: 7 })
      .map((operations): SampleFile => ({ basis, layout, operations }));
  });

describe.each(CODECS)('%s', (codec) => {
  test('files arrive as they were sent, at old and new protocols', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(27, 30, 31, 32),
        fc.integer({ min: 500, max: 70_000 }),
        async (files, protocol, chunk) => {
          const bytes = await writeFiles(codec, protocol, files);
          const chunks: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; at += chunk)
            chunks.push(bytes.subarray(at, at + chunk));
          const received = await readFiles(codec, protocol, files, chunks);
          expect(received.map((content, i) => content.equals(contentOf(files[i]!)))).toEqual(
            files.map(() => true),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  test('wherever the stream is cut', async () => {
    const layout = layoutOf(2000, 100);
    const operations: Operation[] = [
      { kind: 'match', block: 0, count: 3 },
      { kind: 'literal', bytes: basis.subarray(0, 40) },
      { kind: 'match', block: 19, count: 1 },
      { kind: 'literal', bytes: Buffer.from('end') },
    ];
    const files = [{ basis: basis.subarray(0, 2000), layout, operations }];
    const bytes = await writeFiles(codec, 31, files);
    for (const chunks of everySplit(bytes)) {
      expect(await readFiles(codec, 31, files, chunks)).toEqual(files.map(contentOf));
    }
  });

  test('a stream that ends early is an error', async () => {
    const files = [
      {
        basis,
        layout: layoutOf(basis.length, 700),
        operations: [{ kind: 'literal', bytes: fresh.subarray(0, 500) } as const],
      },
    ];
    const bytes = await writeFiles(codec, 32, files);
    await expect(readFiles(codec, 32, files, [bytes.subarray(0, -1)])).rejects.toMatchObject({
      exitCode: 12,
    });
  });

  test('a block outside the basis is an error', async () => {
    const layout = layoutOf(700, 700);
    const other = {
      basis,
      layout: layoutOf(7000, 700),
      operations: [{ kind: 'match', block: 1, count: 1 } as const],
    };
    const bytes = await writeFiles(codec, 32, [other]);
    await expect(readFiles(codec, 32, [{ basis, layout }], [bytes])).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});

interface Vectors {
  readonly data: Readonly<Record<string, { readonly basis: string; readonly new: string }>>;
  readonly sessions: readonly {
    readonly compression: Codec;
    readonly protocol: number;
    readonly files: readonly {
      readonly file: string;
      readonly head: number[];
      readonly tokens: string;
    }[];
  }[];
}

const { data, sessions } = loadVectors<Vectors>('tokens');

describe('streams of the real program', () => {
  test.each(sessions)(
    '$compression, protocol $protocol',
    async ({ compression, protocol, files }) => {
      const bytes = Buffer.from(files.map(({ tokens }) => tokens).join(''), 'hex');
      const wanted = files.map(({ file }) => Buffer.from(data[file]!.basis, 'hex'));
      const samples = wanted.map((content, i) => ({
        basis: content,
        layout: layoutOf(content.length, files[i]!.head[1]! || 700),
      }));
      for (const size of [1, 7, 1000]) {
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        const received = await readFiles(compression, protocol, samples, chunks);
        expect(received.map((content) => content.toString('hex'))).toEqual(
          files.map(({ file }) => data[file]!.new),
        );
      }
    },
  );
});

describe('data that cannot be decompressed', () => {
  test.each([
    ['zlib', '4003ffffff00'],
    ['zlibx', '4003ffffff00'],
    ['zstd', '400400112233'],
    ['lz4', '4002f0ff'],
    ['lz4', '400000'],
  ] as const)('%s: %s', async (codec, hex) => {
    const file = { basis, layout: layoutOf(0, 700) };
    await expect(readFiles(codec, 32, [file], [Buffer.from(hex, 'hex')])).rejects.toMatchObject({
      exitCode: 12,
      message: expect.stringContaining(codec),
    });
  });
});
