import { expect, test } from 'vitest';
import { ConsoleWriter } from '../../src/output/writer.ts';

const recorder = (): { calls: string[]; writer: ConsoleWriter } => {
  const calls: string[] = [];
  const writer = new ConsoleWriter((fd, bytes) => {
    calls.push(`${fd}:${Buffer.from(bytes).toString('latin1')}`);
    return undefined;
  });
  return { calls, writer };
};

test('what one tick prints is one write', async () => {
  const { calls, writer } = recorder();
  writer.stdout.write('a');
  writer.stdout.write('b\n');
  expect(calls).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual(['1:ab\n']);
  writer.stdout.write('c');
  await writer.flush();
  expect(calls).toEqual(['1:ab\n', '1:c']);
});

test('errors come after the output that was printed before them', async () => {
  const { calls, writer } = recorder();
  writer.stdout.write('out\n');
  writer.stderr.write('err\n');
  writer.stdout.write('more\n');
  await writer.flush();
  expect(calls).toEqual(['1:out\n', '1:more\n', '2:err\n']);
});

test('a full buffer does not wait for the tick to end', () => {
  const { calls, writer } = recorder();
  writer.stdout.write('x'.repeat(100_000));
  expect(calls.length).toBe(1);
});

test('--outbuf: at once, by lines, by blocks', async () => {
  const written = async (mode: 'N' | 'L' | 'B'): Promise<string[]> => {
    const { calls, writer } = recorder();
    writer.bufferOutput(mode);
    writer.stdout.write('a');
    writer.stdout.write('b\n');
    writer.stdout.write('c');
    await new Promise((resolve) => setImmediate(resolve));
    return calls;
  };
  expect(await written('N')).toEqual(['1:a', '1:b\n', '1:c']);
  expect(await written('L')).toEqual(['1:ab\n']);
  expect(await written('B')).toEqual([]);
});

test('flush waits for a slow descriptor', async () => {
  let taken = false;
  const writer = new ConsoleWriter(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          taken = true;
          resolve();
        }, 5);
      }),
  );
  writer.stdout.write('x');
  await writer.flush();
  expect(taken).toBe(true);
});
