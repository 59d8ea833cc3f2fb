import { readSync } from 'node:fs';
import { signSync } from '@deltawire/signature';
import { test } from 'vitest';
import { createSignaturePool } from '../src/index.ts';
import { Files, requestFor } from '../test/files.ts';

/** The same 16 MiB, in files of one length: where does handing over begin to pay? */
for (const length of [16 << 10, 32 << 10, 128 << 10, 1 << 20]) {
  test(`16 MiB in files of ${length >> 10} KiB`, async ({ bench }) => {
    using files = new Files();
    const request = requestFor(files.open(length), length);
    const requests = new Array((16 << 20) / length).fill(request) as (typeof request)[];
    const { fd, layout, checksum } = request;
    await using one = createSignaturePool({ threads: 1 });
    await using two = createSignaturePool({ threads: 2 });
    await bench.compare(
      bench('in line', () => {
        for (const _ of requests) {
          signSync((target, at) => readSync(fd, target, 0, target.length, at), layout, checksum);
        }
      }),
      bench('one thread', async () => {
        await Promise.all(requests.map((each) => one.sign(each)));
      }),
      bench('two threads', async () => {
        await Promise.all(requests.map((each) => two.sign(each)));
      }),
      { time: 300 },
    );
  });
}
