import { readdirSync, readFileSync } from 'node:fs';
import { createDialect, type Dialect } from '../src/index.ts';

const testkit = new URL('../../testkit/', import.meta.url);

/** A JSON file of `packages/testkit/vectors`, or `golden/vectors.json`. */
export function loadVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, testkit), 'utf8')) as T;
}

/** A file of a recorded session. */
export function loadGolden(session: string, file: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`golden/${session}/${file}`, testkit)));
}

/** Names of all recorded sessions. */
export function goldenSessions(): string[] {
  return readdirSync(new URL('golden/', testkit), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Hex digits, with or without spaces, to bytes. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
}

/** Bytes to hex digits. */
export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Several arrays as one. */
export function concat(parts: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array(Array.from(parts).flatMap((part) => Array.from(part)));
}

/** Dialects that differ in the layouts of this package. */
export const dialects: readonly Dialect[] = [
  createDialect(27, 0),
  createDialect(28, 0),
  createDialect(29, 0),
  createDialect(30, 0),
  createDialect(30, 0x01),
  createDialect(30, 0x1ff),
  createDialect(31, 0x17f),
  createDialect(31, 0x1fe),
  createDialect(32, 0x1ff),
];
