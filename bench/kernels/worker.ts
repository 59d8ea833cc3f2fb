/** A process that runs the loops of our packages, one at a time, and says what they took. */
import { createHash, getHashes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import {
  type ChecksumName,
  createFileHash,
  createStrongHash,
  planTransferChecksum,
  type TransferChecksum,
} from '@deltawire/checksums';
import { BlockIndex, searchDelta } from '@deltawire/delta';
import { planBlocks, type ReadAt, type Signature, signSync } from '@deltawire/signature';
import {
  createMD4,
  createMD5,
  createSHA1,
  createXXHash3,
  createXXHash64,
  createXXHash128,
} from 'hash-wasm';

/** Work for the worker. Paths are of files in the page cache. */
export type KernelJob =
  /** Only reads the file, as signing does. */
  | { readonly kind: 'read'; readonly basis: string }
  /** `sums`: all of it but the reading. */
  | {
      readonly kind: 'sign' | 'sums';
      readonly name: ChecksumName;
      readonly block: number;
      readonly basis: string;
    }
  | {
      readonly kind: 'search';
      readonly name: ChecksumName;
      readonly block: number;
      readonly basis: string;
      readonly target: string;
    }
  | { readonly kind: 'sum'; readonly name: ChecksumName; readonly by: SumImplementation };

export type SumImplementation = 'ours' | 'node:crypto' | 'hash-wasm';

/** CPU time of one pass over `bytes` bytes, the mean of several. */
export interface KernelTime {
  readonly bytes: number;
  readonly userMs: number;
  readonly systemMs: number;
  /** Bytes a search left as literals. */
  readonly literalBytes: number;
}

const SUM_BYTES = 128 * 2 ** 20;
const SUM_CHUNK = 256 * 1024;
/** What `@deltawire/signature` reads at once; shorter and longer reads are as fast. */
const READ_CHUNK = 1024 * 1024;
/** Before the first measured pass the code has to be compiled for good. */
const WARM_UP_MS = 200;
/** Passes are repeated for at least this long. */
const MEASURE_MS = 300;

const HASH_WASM = {
  md4: createMD4,
  md5: createMD5,
  sha1: createSHA1,
  xxh64: createXXHash64,
  xxh3: createXXHash3,
  xxh128: createXXHash128,
} as const;

process.on('message', (job: KernelJob) => {
  void run(job).then((time) => process.send?.(time ?? null));
});

async function run(job: KernelJob): Promise<KernelTime | undefined> {
  switch (job.kind) {
    case 'read':
      return read(job.basis);
    case 'sign':
      return sign(job.name, job.block, job.basis, readerOf);
    case 'sums':
      return sign(job.name, job.block, job.basis, () => (target) => target.length);
    case 'search':
      return search(job.name, job.block, job.basis, job.target);
    case 'sum':
      return sum(job.name, job.by);
  }
}

const sessionChecksum = (name: ChecksumName): TransferChecksum =>
  planTransferChecksum({ name, origin: 'negotiated', protocol: 32, seedFix: true, seed: 1 });

const readerOf =
  (fd: number): ReadAt =>
  (target, position) =>
    readSync(fd, target, 0, target.length, position);

function signFile(
  fd: number,
  checksum: TransferChecksum,
  block: number,
  reader: (fd: number) => ReadAt,
): Signature {
  const { digestLength } = checksum;
  const options = { protocol: 32, digestLength, blockSize: block };
  return signSync(reader(fd), planBlocks(fstatSync(fd).size, options), checksum);
}

function read(basis: string): KernelTime {
  const fd = openSync(basis, 'r');
  const { size } = fstatSync(fd);
  const chunk = new Uint8Array(READ_CHUNK);
  const time = timeOf(size, () => {
    for (let at = 0; at < size; at += chunk.length) readSync(fd, chunk, 0, chunk.length, at);
    return 0;
  });
  closeSync(fd);
  return time;
}

function sign(
  name: ChecksumName,
  block: number,
  basis: string,
  reader: (fd: number) => ReadAt,
): KernelTime {
  const checksum = sessionChecksum(name);
  const fd = openSync(basis, 'r');
  const time = timeOf(fstatSync(fd).size, () => {
    signFile(fd, checksum, block, reader);
    return 0;
  });
  closeSync(fd);
  return time;
}

/** As a sender does it: index, search, and the sum of the whole file by whatever is the fastest. */
function search(name: ChecksumName, block: number, basis: string, target: string): KernelTime {
  const checksum = sessionChecksum(name);
  const [basisFd, fd] = [openSync(basis, 'r'), openSync(target, 'r')];
  const signature = signFile(basisFd, checksum, block, readerOf);
  const { size } = fstatSync(fd);
  const time = timeOf(size, () => {
    const hash = fileHash(checksum);
    const index = new BlockIndex(signature, checksum);
    const onData = (part: Uint8Array): unknown => hash.update(part);
    let literalBytes = 0;
    for (const op of searchDelta(readerOf(fd), size, index, { onData })) {
      if (op.kind === 'literal') literalBytes += op.bytes.length;
    }
    hash.digest();
    return literalBytes;
  });
  closeSync(basisFd);
  closeSync(fd);
  return time;
}

/** What `@deltawire/transfer` sums files with. */
function fileHash(checksum: TransferChecksum): {
  update(bytes: Uint8Array): unknown;
  digest(): unknown;
} {
  const { name } = checksum;
  return name === 'md5' || name === 'sha1' ? createHash(name) : createFileHash(checksum);
}

async function sum(name: ChecksumName, by: SumImplementation): Promise<KernelTime | undefined> {
  const hash = await streamingHash(name, by);
  if (hash === undefined) return undefined;
  const chunk = new Uint8Array(SUM_CHUNK).map((_, i) => i * 7 + (i >> 8));
  return timeOf(SUM_BYTES, () => {
    for (let at = 0; at < SUM_BYTES; at += SUM_CHUNK) hash.update(chunk);
    return 0;
  });
}

async function streamingHash(
  name: ChecksumName,
  by: SumImplementation,
): Promise<{ update(bytes: Uint8Array): unknown } | undefined> {
  if (name === 'none') return undefined;
  if (by === 'ours') return createStrongHash(name);
  if (by === 'hash-wasm') return (await HASH_WASM[name]()).init();
  return getHashes().includes(name) ? createHash(name) : undefined;
}

function timeOf(bytes: number, pass: () => number): KernelTime {
  const warmUntil = performance.now() + WARM_UP_MS;
  do pass();
  while (performance.now() < warmUntil);
  const before = process.cpuUsage();
  const measureUntil = performance.now() + MEASURE_MS;
  let [passes, literalBytes] = [0, 0];
  do {
    literalBytes = pass();
    passes++;
  } while (performance.now() < measureUntil);
  const { user, system } = process.cpuUsage(before);
  const perPass = 1000 * passes;
  return { bytes, userMs: user / perPass, systemMs: system / perPass, literalBytes };
}
