/** Vector files of the test kit, and hashes of other origin to compare with. */
import { readFileSync } from 'node:fs';
import {
  createMD4,
  createMD5,
  createSHA1,
  createXXHash3,
  createXXHash64,
  createXXHash128,
} from 'hash-wasm';
import type { ChecksumName } from '../src/algorithms.ts';

const directory = new URL('../../testkit/vectors/', import.meta.url);

interface StrongVectors {
  readonly messages: Record<string, string | null>;
  readonly unseeded: readonly Record<string, string>[];
  readonly seeded: readonly {
    readonly msg: string;
    readonly seed: number;
    readonly block: Record<string, string>;
    readonly transfer_md4_old: string;
  }[];
}

interface RollingVectors {
  readonly cases: readonly {
    readonly desc: string;
    readonly data: string | null;
    readonly sum: number;
  }[];
  readonly sliding: { readonly data: string; readonly window: number; readonly sums: number[] };
}

export const strongVectors: StrongVectors = load('strong.json');
export const rollingVectors: RollingVectors = load('rolling.json');

function load<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as T;
}

/** The bytes of a message of strong.json; long ones are given by formula there. */
export function message(name: string): Uint8Array {
  const text = strongVectors.messages[name];
  if (text != null) return fromHex(text);
  return Uint8Array.from({ length: Number(name) }, (_, i) => (i * 13 + 5) % 256);
}

/** The bytes of a case of rolling.json: in hex, or described in words when they are many. */
export function rollingBytes(description: string, data: string | null): Uint8Array {
  if (data != null) return fromHex(data);
  const formulas: Record<string, (i: number) => number> = {
    '00..ff': (i) => i,
    ff: () => 0xff,
    '7f': () => 0x7f,
    '00': () => 0,
    'byte i = i*7+3 mod 256': (i) => (i * 7 + 3) % 256,
    'byte i = i*i mod 251': (i) => (i * i) % 251,
  };
  const [, length, words] = /^(\d+) bytes:? (.*)$/.exec(description) ?? [];
  const formula = formulas[words ?? ''];
  if (formula === undefined) throw new Error(`no formula for "${description}"`);
  return Uint8Array.from({ length: Number(length) }, (_, i) => formula(i));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Bytes without structure, the same for the same `seed`. */
export function noise(length: number, seed: number = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let x = seed * 2 + 1;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    bytes[i] = x >>> 16;
  }
  return bytes;
}

/** An unrelated implementation of `name`, result in wire order. */
export async function oracle(
  name: Exclude<ChecksumName, 'none'>,
  seed: number = 0,
): Promise<(bytes: Uint8Array) => string> {
  const low = seed >>> 0;
  const high = seed < 0 ? 0xffffffff : 0;
  const hasher = await {
    xxh128: () => createXXHash128(low, high),
    xxh3: () => createXXHash3(low, high),
    xxh64: () => createXXHash64(low, high),
    md5: () => createMD5(),
    md4: () => createMD4(),
    sha1: () => createSHA1(),
  }[name]();
  return (bytes) => {
    const digest = hasher.init().update(bytes).digest('binary');
    return toHex(name.startsWith('xx') ? digest.reverse() : digest);
  };
}

/** The rolling checksum by its definition (docs/spec/data.md §5.4). */
export function naiveWeakSum(bytes: Uint8Array): number {
  let s1 = 0;
  let s2 = 0;
  bytes.forEach((byte, i) => {
    const signed = byte > 127 ? byte - 256 : byte;
    s1 += signed;
    s2 += (bytes.length - i) * signed;
  });
  return ((s1 & 0xffff) | ((s2 & 0xffff) << 16)) >>> 0;
}
