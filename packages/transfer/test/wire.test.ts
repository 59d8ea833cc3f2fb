import {
  encodeMessageValue,
  MessageTag,
  MuxEncoder,
  type MuxMessage,
  RsyncError,
} from '@deltawire/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { everySplit, connectionPair as narrowPair, randomBytes } from '../../testkit/src/index.ts';
import type { Connection } from '../src/index.ts';
import { Wire } from '../src/wire.ts';

/** A connection whose input a test gives, and whose output it keeps. */
class Script implements Connection {
  readonly input: AsyncIterable<Uint8Array>;
  readonly written: Uint8Array[] = [];
  ended = false;
  closed = false;

  constructor(chunks: readonly Uint8Array[]) {
    this.input = (async function* () {
      yield* chunks;
    })();
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) this.written.push(chunk.slice());
  }

  async end(): Promise<void> {
    this.ended = true;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.written);
  }
}

function open(connection: Connection): { wire: Wire; messages: MuxMessage[] } {
  const messages: MuxMessage[] = [];
  return {
    wire: new Wire(connection, { onMessage: (message) => messages.push(message) }),
    messages,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('reading', () => {
  const encoder = new MuxEncoder();
  encoder.data(Uint8Array.of(1, 0, 0, 0, 9));
  encoder.message(MessageTag.IO_ERROR, encodeMessageValue(2));
  encoder.message(MessageTag.DATA, new Uint8Array(0));
  encoder.data(Uint8Array.of(8, 7));
  const framed = Buffer.concat(encoder.take());

  test('values and messages come whole, however the bytes arrive', async () => {
    for (const chunks of everySplit(framed)) {
      const { wire, messages } = open(new Script(chunks));
      wire.startInputMux('client');
      expect(await wire.read((r) => r.i32())).toBe(1);
      expect(await wire.read((r) => r.u8())).toBe(9);
      expect(await wire.read((r) => r.u16())).toBe(0x0708);
      expect(messages).toEqual([{ tag: MessageTag.IO_ERROR, payload: encodeMessageValue(2) }]);
      expect(wire.bytesRead).toBe(framed.length);
    }
  });

  test('framing begins between two values of one chunk', async () => {
    const bytes = Buffer.concat([Uint8Array.of(32, 0, 0, 0), framed]);
    for (const chunks of everySplit(bytes)) {
      const { wire } = open(new Script(chunks));
      expect(await wire.read((r) => r.i32())).toBe(32);
      wire.startInputMux('client');
      expect(await wire.read((r) => r.i32())).toBe(1);
      expect(await wire.read((r) => r.bytes(3))).toEqual(Uint8Array.of(9, 8, 7));
    }
  });

  test('unframed names may come behind a frame, and frames behind the names', async () => {
    const rules = new MuxEncoder();
    rules.data(Uint8Array.of(0, 0, 0, 0));
    const bytes = Buffer.concat([...rules.take(), Buffer.from('a\0b\0\0'), framed]);
    for (const chunks of everySplit(bytes)) {
      const { wire } = open(new Script(chunks));
      wire.startInputMux('server', true);
      expect(await wire.read((r) => r.i32())).toBe(0);
      wire.pauseInputMux();
      const names: number[] = [];
      while (names.length < 5) {
        const byte = wire.takeAvailable(1);
        if (byte.length === 0) await wire.fill();
        else names.push(byte[0]!);
      }
      wire.resumeInputMux();
      expect(Buffer.from(names).toString()).toBe('a\0b\0\0');
      expect(await wire.read((r) => r.i32())).toBe(1);
      expect(await wire.read((r) => r.bytes(3))).toEqual(Uint8Array.of(9, 8, 7));
    }
  });

  test('the end in the middle of a value is an error with exit code 12', async () => {
    const { wire } = open(new Script([Uint8Array.of(1, 2)]));
    await expect(wire.read((r) => r.i32())).rejects.toMatchObject({
      exitCode: 12,
      message: 'connection unexpectedly closed (2 bytes received so far)',
    });
  });

  test('a frame that nobody may send ends the session', async () => {
    const { wire } = open(new Script([framed, Uint8Array.of(0, 0, 0, 99)]));
    wire.startInputMux('client');
    expect(await wire.read((r) => r.i32())).toBe(1);
    await expect(wire.read((r) => r.bytes(99))).rejects.toMatchObject({ exitCode: 12 });
  });

  test('a failing connection is reported with its cause', async () => {
    const cause = new Error('ECONNRESET');
    const { wire } = open({
      ...new Script([]),
      input: (async function* () {
        yield Uint8Array.of(1);
        throw cause;
      })(),
      write: async () => {},
      end: async () => {},
      close: async () => {},
    });
    await expect(wire.read((r) => r.i32())).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      exitCode: 10,
      cause,
    });
  });
});

describe('writing', () => {
  test('small writes of one turn leave together, framed', async () => {
    const connection = new Script([]);
    const { wire } = open(connection);
    wire.out.u32(32);
    wire.startOutputMux();
    for (const byte of [1, 2, 3]) {
      wire.out.u8(byte);
      wire.send();
    }
    await turn();
    await turn();
    expect(connection.bytes.toString('hex')).toBe('20000000' + '03000007' + '010203');
    expect(connection.written.length).toBeLessThanOrEqual(3);
    expect(wire.bytesWritten).toBe(11);
  });

  test('a message stays behind what was written before it', async () => {
    const connection = new Script([]);
    const { wire } = open(connection);
    wire.startOutputMux();
    wire.out.u8(5);
    wire.message(MessageTag.NO_SEND, encodeMessageValue(7));
    wire.out.u8(6);
    await wire.settle();
    expect(connection.bytes.toString('hex')).toBe(
      '01000007' + '05' + '0400006d' + '07000000' + '01000007' + '06',
    );
  });

  test('messages need frames', async () => {
    const connection = new Script([]);
    const { wire } = open(connection);
    wire.message(MessageTag.INFO, Uint8Array.of(1));
    wire.keepAlive();
    expect(wire.framed).toBe(false);
    await wire.settle();
    expect(connection.bytes).toHaveLength(0);
  });

  test('a sign of life is an empty frame, and only sent into silence', async () => {
    const connection = new Script([]);
    const { wire } = open(connection);
    wire.startOutputMux();
    wire.keepAlive();
    await wire.settle();
    expect(connection.bytes.toString('hex')).toBe('00000007');
  });

  test('producers wait while the peer does not read, and go on when it does', async () => {
    const [near, far] = narrowPair({ capacity: 4096 });
    const { wire } = open(near);
    onTestFinished(() => far.close());
    wire.sendBytes(new Uint8Array(1 << 20));
    wire.flush();
    expect(wire.congested).toBe(true);
    let drained = false;
    const waiting = wire.drained().then(() => {
      drained = true;
    });
    await turn();
    expect(drained).toBe(false);
    let read = 0;
    for await (const chunk of far.input) {
      read += chunk.length;
      if (read >= 1 << 20) break;
    }
    await waiting;
    expect(wire.congested).toBe(false);
  });

  test('while a producer waits, the peer can get rid of what it writes', async () => {
    // Both sides write a megabyte before they read anything; the buffers hold 4 KiB.
    const [a, b] = narrowPair({ capacity: 4096, chunkBytes: 1024 });
    const sides = [a, b].map((end) => open(end).wire);
    const talk = async (wire: Wire): Promise<number> => {
      for (let i = 0; i < 64; i++) {
        wire.sendBytes(new Uint8Array(16_384).fill(i));
        wire.send();
        if (wire.congested) await wire.drained();
      }
      wire.flush();
      let sum = 0;
      for (let i = 0; i < 64; i++) {
        const block = await wire.read((r) => r.bytes(16_384));
        sum += block[0]! === block[16_383]! ? block[0]! : Number.NaN;
      }
      return sum;
    };
    expect(await Promise.all(sides.map(talk))).toEqual([2016, 2016]);
    await a.close();
    await b.close();
  });

  test('what arrives while nobody decodes it is kept, but not without bound', async () => {
    const [near, far] = narrowPair({ capacity: 65_536 });
    onTestFinished(() => near.close());
    const { wire } = open(near);
    wire.sendBytes(new Uint8Array(2 << 20));
    wire.flush();
    const waiting = wire.drained().catch(() => {});
    let sent = 0;
    const flood = (async (): Promise<void> => {
      for (; sent < 64 << 20; sent += 65_536) await far.write([new Uint8Array(65_536)]);
    })().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toBeGreaterThan(1 << 20);
    expect(sent).toBeLessThan(8 << 20);
    await far.close();
    await near.close();
    await flood;
    await waiting;
  });

  test('a rate limit spreads the bytes over time', async () => {
    const connection = new Script([]);
    const { wire } = open(connection);
    wire.limit(200_000);
    const since = performance.now();
    for (let i = 0; i < 8; i++) {
      wire.out.bytes(new Uint8Array(10_000));
      wire.flush();
    }
    await wire.settle();
    expect(performance.now() - since).toBeGreaterThan(250);
    expect(connection.bytes).toHaveLength(80_000);
  });
});

describe('the end', () => {
  test('what was written is sent, then the peer’s end is awaited', async () => {
    const connection = new Script([Uint8Array.of(1), Uint8Array.of(2)]);
    const { wire } = open(connection);
    wire.out.u8(9);
    await wire.finish(1000);
    expect(connection.bytes).toHaveLength(1);
    expect(connection).toMatchObject({ ended: true, closed: true });
    expect(wire.bytesRead).toBe(2);
  });

  test('a peer that does not end is left alone after a while', async () => {
    const [near, far] = narrowPair();
    const { wire } = open(near);
    const since = performance.now();
    await wire.finish(50);
    expect(performance.now() - since).toBeLessThan(1500);
    await far.close();
  });

  test('giving up fails every wait with the reason', async () => {
    const [near, far] = narrowPair({ capacity: 16 });
    const { wire } = open(near);
    const reading = wire.read((r) => r.u8());
    wire.sendBytes(new Uint8Array(1 << 20));
    wire.flush();
    const writing = wire.drained();
    const reason = new RsyncError('enough', { code: 'ABORTED', exitCode: 20 });
    wire.fail(reason);
    wire.fail(new Error('later'));
    await expect(reading).rejects.toBe(reason);
    await expect(writing).rejects.toBe(reason);
    await expect(wire.fill()).rejects.toBe(reason);
    await far.close();
  });

  test('stopping to read leaves the output open for last words', async () => {
    const written: Uint8Array[] = [];
    const [near] = narrowPair();
    const { wire } = open({
      ...near,
      write: async (chunks) => {
        for (const chunk of chunks) written.push(chunk);
      },
    });
    const reading = wire.read((r) => r.u8());
    wire.startOutputMux();
    wire.stopReading(new Error('the other task failed'));
    await expect(reading).rejects.toThrow('the other task failed');
    wire.message(MessageTag.ERROR_EXIT, encodeMessageValue(3));
    await wire.settle();
    expect(Buffer.concat(written).toString('hex')).toBe('0400005d03000000');
    await near.close();
  });

  test('a peer that takes nothing any more gets to say why', async () => {
    const last = new MuxEncoder();
    last.message(MessageTag.ERROR_EXIT, encodeMessageValue(11));
    const connection = new Script(last.take());
    const wire = new Wire(
      {
        input: connection.input,
        write: async () => {
          throw new Error('EPIPE');
        },
        end: async () => {},
        close: async () => {},
      },
      {
        onMessage: () => {
          throw new RsyncError('the peer stopped', { code: 'REMOTE_EXIT', exitCode: 11 });
        },
      },
    );
    wire.startInputMux('client');
    expect(wire.broken).toBe(false);
    wire.out.u8(1);
    await wire.settle();
    expect(wire.broken).toBe(true);
    await expect(wire.giveUp()).rejects.toMatchObject({ exitCode: 11 });
  });
});

test('values of every length pass buffers of one byte', async () => {
  const [a, b] = narrowPair({ capacity: 1, chunkBytes: 1 });
  const left = open(a);
  const right = open(b);
  for (const { wire } of [left, right]) wire.startOutputMux();
  left.wire.startInputMux('client');
  right.wire.startInputMux('server');
  const data = randomBytes(3000, 4);
  left.wire.sendBytes(data);
  left.wire.flush();
  left.wire.message(MessageTag.INFO, data.subarray(0, 100));
  const received = await right.wire.read((r) => r.bytes(3000));
  expect(Buffer.from(received).equals(data)).toBe(true);
  right.wire.out.u8(1);
  right.wire.flush();
  expect(await left.wire.read((r) => r.u8())).toBe(1);
  await a.close();
  await b.close();
});
