/** A program that uses a pool with long-lived threads and does not close it. */
import { createSignaturePool } from '../../src/index.ts';
import { Files, requestFor } from '../files.ts';

const files = new Files();
const pool = createSignaturePool({ idleMs: 60_000 });
const lengths = [10, 100_000, 2_000_000];
const results = lengths.map((length) => pool.sign(requestFor(files.open(length), length)));
void Promise.all(results).then((signatures) => {
  files[Symbol.dispose]();
  process.stdout.write(`${signatures.length} signatures\n`);
});
