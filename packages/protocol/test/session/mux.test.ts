import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MessageTag, MuxDecoder, MuxEncoder, type MuxMessage } from '../../src/index.ts';
import { everySplit, inChunks } from '../splits.ts';
import { bytes, concat, hex, loadVectors } from '../vectors.ts';

function decoder(role: 'client' | 'server' = 'client'): {
  mux: MuxDecoder;
  data: Uint8Array[];
  messages: MuxMessage[];
} {
  const data: Uint8Array[] = [];
  const messages: MuxMessage[] = [];
  const mux = new MuxDecoder({
    role,
    onData: (view) => data.push(view),
    onMessage: (message) => messages.push(message),
  });
  return { mux, data, messages };
}

const vectors = loadVectors<{ mplex_header: [number, number, string][] }>('golden/vectors.json');

test.each(vectors.mplex_header)('header of tag %i with %i bytes is %s', (tag, length, header) => {
  const encoder = new MuxEncoder();
  const payload = new Uint8Array(length);
  if (tag === MessageTag.DATA && length > 0) encoder.data(payload);
  else encoder.message(tag, payload);
  expect(encoder.length).toBe(4 + length);
  const frame = concat(encoder.take());
  expect(hex(frame.subarray(0, 4))).toBe(header);
  expect(frame).toHaveLength(4 + length);
  expect(encoder.length).toBe(0);
});

test('every way to cut frames gives the same stream and messages', () => {
  const frames = bytes('01000007 61 0000000b 01000007 62');
  for (const chunks of everySplit(frames, 14)) {
    const { mux, data, messages } = decoder();
    for (const chunk of chunks) mux.push(chunk);
    expect(hex(concat(data))).toBe('6162');
    expect(messages).toEqual([{ tag: MessageTag.WARNING, payload: bytes('') }]);
    expect(mux.midFrame).toBe(false);
  }
});

test('midFrame says whether the input may end here', () => {
  const { mux } = decoder();
  expect(mux.midFrame).toBe(false);
  mux.push(bytes('02'));
  expect(mux.midFrame).toBe(true);
  mux.push(bytes('000007 61'));
  expect(mux.midFrame).toBe(true);
  mux.push(bytes('62'));
  expect(mux.midFrame).toBe(false);
});

test('empty DATA frames are ignored, however many', () => {
  const { mux, data, messages } = decoder();
  mux.push(new Uint8Array(400_000).map((_, i) => (i % 4 === 3 ? 7 : 0)));
  expect(data).toHaveLength(0);
  expect(messages).toHaveLength(0);
  expect(mux.midFrame).toBe(false);
});

test('data is handed on in place, messages are copies', () => {
  const chunk = bytes('02000007 6162 01000009 21');
  const { mux, data, messages } = decoder();
  mux.push(chunk);
  expect(data[0]!.buffer).toBe(chunk.buffer);
  expect(messages[0]!.payload.buffer).not.toBe(chunk.buffer);
});

test('step() stops at the end of a frame, where raw bytes may begin', () => {
  const stream = bytes('04000007 00000000 61 00 00 01000007 07');
  const { mux, data } = decoder('server');
  let at = 0;
  do at = mux.step(stream, at);
  while (mux.midFrame);
  expect(at).toBe(8);
  expect(hex(concat(data))).toBe('00000000');
  mux.push(stream.subarray(at + 3));
  expect(hex(concat(data))).toBe('0000000007');
});

describe('MuxEncoder', () => {
  test('coalesces small data into one frame', () => {
    const encoder = new MuxEncoder();
    encoder.data(bytes('61'));
    encoder.data(bytes('6263'));
    expect(encoder.length).toBe(7);
    expect(encoder.take().map(hex)).toEqual(['03000007616263']);
    expect(encoder.take()).toEqual([]);
  });

  test('keeps data and messages in order', () => {
    const encoder = new MuxEncoder();
    encoder.data(bytes('61'));
    encoder.message(MessageTag.INFO, bytes('0a'));
    encoder.data(bytes('62'));
    expect(hex(concat(encoder.take()))).toBe('0100000761010000090a0100000762');
  });

  test('writes an empty DATA frame as a keep-alive', () => {
    const encoder = new MuxEncoder();
    encoder.message(MessageTag.DATA, new Uint8Array(0));
    expect(hex(concat(encoder.take()))).toBe('00000007');
  });

  test('passes large arrays on without copying them', () => {
    const encoder = new MuxEncoder();
    const large = new Uint8Array(32768);
    encoder.data(bytes('6162'));
    encoder.data(large);
    const chunks = encoder.take();
    expect(chunks.some((chunk) => chunk.buffer === large.buffer)).toBe(true);
    expect(hex(concat(chunks).subarray(0, 6))).toBe('028000076162');
  });

  test('never makes a frame of more than 65532 bytes', () => {
    const encoder = new MuxEncoder();
    encoder.data(bytes('61'));
    encoder.data(new Uint8Array(200_000));
    const stream = concat(encoder.take());
    const lengths: number[] = [];
    for (let at = 0; at < stream.length; ) {
      const length = stream[at]! | (stream[at + 1]! << 8) | (stream[at + 2]! << 16);
      lengths.push(length);
      at += 4 + length;
    }
    expect(lengths).toEqual([65532, 65532, 65532, 200_001 - 3 * 65532]);
  });

  test('whatever is put in comes out of a decoder', () => {
    const data = fc.record({
      tag: fc.constant(MessageTag.DATA),
      size: fc.oneof(fc.nat(50), fc.nat(70_000)),
      take: fc.boolean(),
    });
    const message = fc.record({
      tag: fc.constantFrom(MessageTag.INFO, MessageTag.WARNING, MessageTag.DELETED),
      size: fc.nat(5119),
      take: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(data, message), { maxLength: 12 }),
        fc.integer({ min: 1, max: 9000 }),
        (steps, size) => {
          const encoder = new MuxEncoder();
          const wire: Uint8Array[] = [];
          const sent: Uint8Array[] = [];
          const sentMessages: number[] = [];
          steps.forEach((step, i) => {
            const payload = new Uint8Array(step.size).fill(i + 1);
            if (step.tag === MessageTag.DATA) {
              encoder.data(payload);
              sent.push(payload);
            } else {
              encoder.message(step.tag, payload);
              sentMessages.push(step.size);
            }
            if (step.take) wire.push(...encoder.take());
          });
          const before = encoder.length;
          const last = concat(encoder.take());
          expect(last).toHaveLength(before);
          wire.push(last);
          const { mux, data, messages } = decoder();
          for (const chunk of inChunks(concat(wire), size)) mux.push(chunk);
          expect(Buffer.concat(data).equals(Buffer.concat(sent))).toBe(true);
          expect(messages.map(({ payload }) => payload.length)).toEqual(sentMessages);
          expect(mux.midFrame).toBe(false);
        },
      ),
      { numRuns: 40 },
    );
  });
});
