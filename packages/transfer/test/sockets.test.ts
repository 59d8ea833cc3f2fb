import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAll, socketPair } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { connectStreams } from '../src/sockets.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('carries bytes both ways and sees the end of input', async () => {
  const { near, far, close } = await socketPair();
  const ours = connectStreams(near, near, { kind: 'socket' });
  const theirs = connectStreams(far, far, { kind: 'socket' });
  await ours.write([bytes('one '), bytes('two')]);
  await ours.end();
  expect(await readAll(theirs.input)).toBe('one two');
  // Half closed: the other direction still works.
  await theirs.write([bytes('answer')]);
  await theirs.end();
  expect(await readAll(ours.input)).toBe('answer');
  expect(ours.bytesReceived).toBe(6);
  close();
});

test('write waits while the peer does not read, and goes on when it does', async () => {
  const { near, far, close } = await socketPair();
  const ours = connectStreams(near, near, { kind: 'socket' });
  far.pause();
  let written = 0;
  const chunk = Buffer.alloc(64 << 10, 1);
  const writing = (async () => {
    while (written < 64 << 20) {
      await ours.write([chunk]);
      written += chunk.length;
    }
    await ours.end();
  })();
  await sleep(300);
  const stalledAt = written;
  expect(stalledAt).toBeLessThan(64 << 20);
  await sleep(100);
  expect(written).toBe(stalledAt);
  let received = 0;
  far.on('data', (data: Buffer) => {
    received += data.length;
  });
  far.resume();
  await writing;
  await once(far, 'end');
  expect(received).toBe(64 << 20);
  close();
});

test('reading pauses while nobody consumes', async () => {
  const { near, far, close } = await socketPair();
  const ours = connectStreams(near, near, { kind: 'socket' });
  let accepted = 0;
  const chunk = Buffer.alloc(64 << 10, 1);
  const pump = (): void => {
    while (accepted < 64 << 20) {
      accepted += chunk.length;
      if (!far.write(chunk)) {
        far.once('drain', pump);
        return;
      }
    }
    far.end();
  };
  pump();
  await sleep(300);
  // The queue holds about a megabyte; the rest stays in socket buffers and with the writer.
  expect(ours.bytesReceived).toBeLessThan(2 << 20);
  let total = 0;
  for await (const part of ours.input) total += part.length;
  expect(total).toBe(64 << 20);
  close();
});

test('a failed write is told, and leaves what the peer said readable', async () => {
  const { near, far, close } = await socketPair();
  // Unread input makes the far end answer its close with a reset.
  near.write('never read');
  far.pause();
  far.write('@ERROR: the reason\n');
  await sleep(50);
  far.destroy();
  await sleep(50);
  const ours = connectStreams(near, near, { kind: 'socket' });
  // Nothing has been read from the kernel when the first of these fails.
  const write = async (): Promise<void> => {
    for (let i = 0; i < 100; i++) await ours.write([Buffer.alloc(100_000)]);
  };
  await expect(write()).rejects.toThrow(/ECONNRESET|EPIPE/);
  expect(ours.writeError).toBeDefined();
  expect(await readAll(ours.input)).toBe('@ERROR: the reason\n');
  close();
});

test('a reset is an error behind the last chunk', async () => {
  const { near, far, close } = await socketPair();
  const ours = connectStreams(near, near, { kind: 'socket' });
  far.write('last words');
  await sleep(50);
  far.resetAndDestroy();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const chunk of ours.input) seen.push(Buffer.from(chunk).toString('latin1'));
  })();
  await expect(reading).rejects.toMatchObject({
    exitCode: 10,
    message: 'read error: Connection reset by peer (104)',
  });
  expect(seen).toEqual(['last words']);
  close();
});

test('close ends a waiting reader and a waiting writer', async () => {
  const { near, far, close } = await socketPair();
  const ours = connectStreams(near, near, { kind: 'socket' });
  far.pause();
  const reading = readAll(ours.input);
  const writing = ours.write([Buffer.alloc(32 << 20)]);
  await sleep(20);
  await ours.close();
  await writing;
  expect(await reading).toBe('');
  await ours.close();
  close();
});
