import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  COMPRESSED_RECORD_MAX_BYTES,
  type CompressedToken,
  CompressedTokenReader,
  CompressedTokenWriter,
  DecodeBuffer,
  LimitError,
  ProtocolError,
} from '../../src/index.ts';
import { everySplit } from '../splits.ts';
import { bytes, hex, loadVectors } from '../vectors.ts';

interface Vectors {
  readonly sessions: readonly {
    readonly compression: string;
    readonly protocol: number;
    readonly files: readonly {
      readonly file: string;
      readonly head: number[];
      readonly tokens: string;
    }[];
  }[];
}

const { sessions } = loadVectors<Vectors>('vectors/tokens.json');

/** All tokens of one file, their data copied. */
function readAll(
  encoded: Uint8Array,
  blockCount: number,
  from = new CompressedTokenReader(),
): CompressedToken[] {
  const reader = new ByteReader(encoded);
  const tokens: CompressedToken[] = [];
  for (;;) {
    const token = from.read(reader, blockCount);
    tokens.push(token);
    if (token.kind === 'end') break;
  }
  expect(reader.available).toBe(0);
  return tokens;
}

function write(writer: ByteWriter, to: CompressedTokenWriter, token: CompressedToken): void {
  if (token.kind === 'data') to.data(writer, token.bytes);
  else if (token.kind === 'match') to.match(writer, token.block, token.count);
  else to.end(writer);
}

describe.each(sessions.filter(({ compression }) => compression !== 'none'))(
  'recorded tokens, $compression, protocol $protocol',
  ({ files }) => {
    test('are read and written again', () => {
      const reader = new CompressedTokenReader();
      const writer = new CompressedTokenWriter();
      const out = new ByteWriter();
      for (const { head, tokens } of files) {
        for (const token of readAll(bytes(tokens), head[0]!, reader)) write(out, writer, token);
        expect(hex(out.take())).toBe(tokens);
      }
    });

    test('are written the same block by block', () => {
      const out = new ByteWriter();
      for (const { head, tokens } of files) {
        const writer = new CompressedTokenWriter();
        for (const token of readAll(bytes(tokens), head[0]!)) {
          if (token.kind !== 'match') write(out, writer, token);
          else for (let i = 0; i < token.count; i++) writer.match(out, token.block + i, 1);
        }
        expect(hex(out.take())).toBe(tokens);
      }
    });
  },
);

describe('forms of a match', () => {
  const cases: [name: string, runs: [block: number, count: number][], encoded: string][] = [
    ['the first block', [[0, 1]], '80 00'],
    ['a near block', [[63, 1]], 'bf 00'],
    ['a far block', [[64, 1]], '20 40000000 00'],
    ['a run', [[0, 7]], 'c0 0600 00'],
    ['a far run', [[70_000, 65_536]], '21 70110100 ffff 00'],
    ['one block too many for a run', [[0, 65_537]], 'c0 ffff 81 00'],
    [
      'two runs that touch',
      [
        [5, 3],
        [8, 2],
      ],
      'c5 0400 00',
    ],
    [
      'a repeated block',
      [
        [4, 1],
        [4, 1],
      ],
      '84 80 00',
    ],
    [
      'a step back',
      [
        [4, 2],
        [0, 1],
      ],
      'c4 0100 20 00000000 00',
    ],
    [
      'the distance counts from the end of a run',
      [
        [0, 4],
        [66, 1],
      ],
      'c0 0300 bf 00',
    ],
  ];
  test.each(cases)('%s', (_, runs, encoded) => {
    const out = new ByteWriter();
    const writer = new CompressedTokenWriter();
    for (const [block, count] of runs) writer.match(out, block, count);
    writer.end(out);
    const written = out.take();
    expect(hex(written)).toBe(encoded.replaceAll(' ', ''));
    const blocks = (pairs: [number, number][]): number[] =>
      pairs.flatMap(([block, count]) => Array.from({ length: count }, (_, i) => block + i));
    const tokens = readAll(written, 200_000).flatMap((token): [number, number][] =>
      token.kind === 'match' ? [[token.block, token.count]] : [],
    );
    expect(blocks(tokens)).toEqual(blocks(runs));
  });

  test('each file starts from block 0 again', () => {
    const out = new ByteWriter();
    const writer = new CompressedTokenWriter();
    for (let file = 0; file < 2; file++) {
      writer.match(out, 60, 1);
      writer.end(out);
    }
    expect(hex(out.take())).toBe('bc00bc00');
  });

  test('a run is written before the data behind it', () => {
    const out = new ByteWriter();
    const writer = new CompressedTokenWriter();
    writer.match(out, 1, 2);
    expect(out.length).toBe(0);
    writer.data(out, bytes('aa'));
    expect(hex(out.take())).toBe('c101004001aa');
  });
});

describe('limits', () => {
  const refuse = (encoded: string, blockCount: number): (() => unknown) => {
    const reader = new ByteReader(bytes(encoded));
    return () => new CompressedTokenReader().read(reader, blockCount);
  };
  test.each([
    ['81', 1],
    ['c0 0300', 3],
    ['20 ffffffff', 10],
    ['20 0a000000', 10],
    ['21 08000000 0200', 10],
    ['21 ffffff7f ffff', 10],
    ['80', 0],
  ])('block out of range: %s of %i', (encoded, blockCount) => {
    expect(refuse(encoded, blockCount)).toThrow(LimitError);
  });
  test.each(['c0 0000', '21 00000000 0000', '01', '1f', '22', '3f'])('no token: %s', (encoded) => {
    expect(refuse(encoded, 10)).toThrow(ProtocolError);
  });
  test('a record is neither empty nor longer than its length field', () => {
    const writer = new CompressedTokenWriter();
    const out = new ByteWriter();
    expect(() => writer.data(out, new Uint8Array(0))).toThrow(RangeError);
    expect(() => writer.data(out, new Uint8Array(COMPRESSED_RECORD_MAX_BYTES + 1))).toThrow(
      RangeError,
    );
    writer.data(out, new Uint8Array(COMPRESSED_RECORD_MAX_BYTES));
    expect(hex(out.take()).slice(0, 4)).toBe('7fff');
  });
});

const operation = fc.oneof(
  fc.record({
    kind: fc.constant('match' as const),
    block: fc.oneof(fc.nat(200), fc.nat(2 ** 31 - 1 - 200_000)),
    count: fc.oneof(
      { arbitrary: fc.integer({ min: 1, max: 3 }), weight: 4 },
      fc.integer({ min: 1, max: 200_000 }),
    ),
  }),
  fc.record({
    kind: fc.constant('data' as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
);

/** What a reader may make of tokens: blocks that follow each other belong together. */
function joined(tokens: readonly CompressedToken[]): unknown[] {
  const result: { kind: string; block?: number; count?: number; bytes?: string }[] = [];
  for (const token of tokens) {
    const before = result.at(-1);
    if (token.kind === 'data') result.push({ kind: 'data', bytes: hex(token.bytes) });
    else if (token.kind === 'end') result.push({ kind: 'end' });
    else if (before?.kind === 'match' && before.block! + before.count! === token.block)
      before.count! += token.count;
    else result.push({ ...token });
  }
  return result;
}

test('tokens of several files arrive as they were written, however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(operation, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
      (files) => {
        const out = new ByteWriter();
        const writer = new CompressedTokenWriter();
        const sent = files.map((tokens): CompressedToken[] => [...tokens, { kind: 'end' }]);
        for (const token of sent.flat()) write(out, writer, token);
        for (const chunks of everySplit(out.take(), 6)) {
          const buffer = new DecodeBuffer();
          const reader = new CompressedTokenReader();
          const received: CompressedToken[] = [];
          for (const chunk of chunks) {
            buffer.push(chunk);
            for (;;) {
              const token = buffer.attempt((r) => reader.read(r, 2 ** 31 - 1));
              if (token === undefined) break;
              received.push(
                token.kind === 'data' ? { ...token, bytes: token.bytes.slice() } : token,
              );
            }
          }
          expect(joined(received)).toEqual(joined(sent.flat()));
          expect(buffer.pending).toBe(0);
        }
      },
    ),
    { numRuns: 60 },
  );
});
