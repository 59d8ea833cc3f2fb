import { createCipheriv, createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/** What each data set holds at full size. */
export const DATA_SETS = {
  one: 'a single file of 4 KiB',
  small: '20,000 files of 100 B to 16 KiB (log-uniform) in 400 directories',
  many: '100,000 files of 10 to 200 B in 2,000 directories',
  big: 'one incompressible file of 1 GiB',
  delta:
    'old/ and new/: one file of 512 MiB, of which 1 % of the 4 KiB blocks change, and three insertions',
  update:
    'old/ and new/: 2,000 files of 64 to 512 KiB; in each, 100 bytes overwritten and 10 inserted',
  few: 'old/ and new/: 4 files of 64 MiB; 100 bytes overwritten in every 8 MiB, and 10 inserted once',
  tiny: 'old/ and new/: 5,000 files of 1 to 16 KiB (log-uniform); in each, 20 bytes overwritten and 10 inserted',
} as const;

export type DataSetName = keyof typeof DATA_SETS;

/** Every modification time lies after this one, in seconds. */
const T0 = 1_600_000_000;
/** How much later the new version of a file is, in seconds. */
const LATER = 60_000_000;
const MIB = 2 ** 20;

/**
 * Make a data set below `directory`, the same bytes every time, and return its path. One that is
 * complete, which a stamp file beside it tells, is left as it is.
 *
 * @param divisor makes it so many times smaller, for trying things out
 */
export function makeDataSet(directory: string, name: DataSetName, divisor: number): string {
  const parent = divisor === 1 ? directory : `${directory}/${divisor}th`;
  const root = `${parent}/${name}`;
  const stamp = `${parent}/.${name}.v2`;
  if (existsSync(stamp)) return root;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  MAKERS[name](new DataSetWriter(root, name), divisor);
  settleDirectories(root);
  writeFileSync(stamp, '');
  return root;
}

const MAKERS: Record<DataSetName, (out: DataSetWriter, divisor: number) => void> = {
  one: (out) => out.write('file', out.noise.bytes(4096)),
  small: (out, divisor) => tree(out, 20, 20, 50 / divisor, [100, 16384]),
  many: (out, divisor) => tree(out, 20, 100, 50 / divisor, [10, 200]),
  big: (out, divisor) => {
    out.stream('big.bin', (1024 * MIB) / divisor, () => out.noise.bytes(MIB));
  },
  delta: (out, divisor) => {
    const [size, block] = [(512 * MIB) / divisor, 4096];
    out.stream('old/image', size, () => out.noise.bytes(MIB));
    const inserted = new Map([
      [size / block / 4, 1777],
      [size / block / 2, 65001],
      [(size / block / 4) * 3, 3],
    ]);
    const old = openSync(`${out.root}/old/image`, 'r');
    out.stream(
      'new/image',
      size,
      (at) => {
        const pieces: Uint8Array[] = [];
        for (let b = at / block; b < (at + MIB) / block; b++) {
          const bytes = new Uint8Array(block);
          readSync(old, bytes, 0, block, b * block);
          pieces.push(out.noise.bytes(inserted.get(b) ?? 0));
          pieces.push(out.noise.unit() < 0.01 ? out.noise.bytes(block) : bytes);
        }
        return Buffer.concat(pieces);
      },
      LATER,
    );
    closeSync(old);
  },
  update: (out, divisor) => {
    edited(out, 2000 / divisor, 50, () => 65_536 + out.noise.below(458_753), 100);
  },
  few: (out, divisor) => edited(out, 4, 4, () => (64 * MIB) / divisor, 100),
  tiny: (out, divisor) => {
    edited(out, 5000 / divisor, 50, () => out.noise.logUniform(1024, 16384), 20);
  },
};

/** `top` × `fan` directories with `perDirectory` files each, half of them text. */
function tree(
  out: DataSetWriter,
  top: number,
  fan: number,
  perDirectory: number,
  [low, high]: readonly [number, number],
): void {
  for (let i = 0; i < top * fan; i++) {
    const directory = `dir${pad(Math.floor(i / fan), 2)}/sub${pad(i % fan, 3)}`;
    for (let k = 0; k < perDirectory; k++) {
      const length = out.noise.logUniform(low, high);
      const line = `${pad(out.noise.below(1e8), 8)} some line of text in file ${k}\n`;
      const binary = k % 2 === 1;
      const data = binary ? out.noise.bytes(length) : Buffer.alloc(length, line);
      out.write(`${directory}/file${pad(k, 3)}.${binary ? 'bin' : 'txt'}`, data);
    }
  }
}

/** Old and new versions: `patch` bytes overwritten in every 8 MiB, and ten inserted somewhere. */
function edited(
  out: DataSetWriter,
  count: number,
  perDirectory: number,
  length: () => number,
  patch: number,
): void {
  const { noise } = out;
  for (let n = 0; n < count; n++) {
    const name = `dir${pad(Math.floor(n / perDirectory), 3)}/file${pad(n, 5)}`;
    const data = Buffer.from(noise.bytes(Math.floor(length())));
    out.write(`old/${name}`, data);
    for (let from = 0; from < data.length; from += 8 * MIB) {
      const room = Math.min(8 * MIB, data.length - from) - patch;
      if (room > 0) data.set(noise.bytes(patch), from + noise.below(room));
    }
    const at = noise.below(data.length);
    out.write(
      `new/${name}`,
      Buffer.concat([data.subarray(0, at), noise.bytes(10), data.subarray(at)]),
      LATER,
    );
  }
}

/** Writes files of one data set, with modification times from its own noise. */
class DataSetWriter {
  readonly root: string;
  readonly noise: Noise;
  #directory = '';

  constructor(root: string, name: string) {
    this.root = root;
    this.noise = new Noise(name);
  }

  write(name: string, data: Uint8Array, later = 0): void {
    writeFileSync(this.#place(name), data);
    this.#age(name, later);
  }

  /** A file of `size` bytes, more or less, in pieces of what stands for a MiB each. */
  stream(name: string, size: number, piece: (at: number) => Uint8Array, later = 0): void {
    const fd = openSync(this.#place(name), 'w');
    for (let at = 0; at < size; at += MIB) writeSync(fd, piece(at));
    closeSync(fd);
    this.#age(name, later);
  }

  #place(name: string): string {
    const directory = `${this.root}/${name.slice(0, Math.max(0, name.lastIndexOf('/')))}`;
    if (directory !== this.#directory) mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    return `${this.root}/${name}`;
  }

  #age(name: string, later: number): void {
    const time = T0 + later + this.noise.below(50_000_000) + this.noise.unit();
    utimesSync(`${this.root}/${name}`, time, time);
  }
}

/** Bytes and numbers that look random and depend on nothing but the seed. */
class Noise {
  readonly #cipher: ReturnType<typeof createCipheriv>;

  constructor(seed: string) {
    const key = createHash('sha256').update(seed).digest().subarray(0, 16);
    this.#cipher = createCipheriv('aes-128-ctr', key, new Uint8Array(16));
  }

  bytes(length: number): Uint8Array {
    return this.#cipher.update(new Uint8Array(length));
  }

  /** At least 0 and less than 1. */
  unit(): number {
    return Buffer.from(this.bytes(6)).readUIntLE(0, 6) / 2 ** 48;
  }

  /** A whole number below `bound`. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  logUniform(low: number, high: number): number {
    return Math.floor(low * ((high + 1) / low) ** this.unit());
  }
}

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');

/** Give all directories one time, the deepest first. */
function settleDirectories(root: string): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isDirectory()) settleDirectories(`${root}/${entry.name}`);
  }
  lutimesSync(root, T0, T0);
}
