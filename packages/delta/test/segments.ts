/** A piece of a described file: pseudo-random bytes by seed, or zeros. */
export type Segment = ['r', seed: number, length: number] | ['z', length: number];

/** The bytes that `packages/testkit/vectors/delta.json` describes. */
export function bytesOf(segments: readonly Segment[]): Uint8Array {
  return joined(segments.map((s) => (s[0] === 'z' ? new Uint8Array(s[1]) : random(s[1], s[2]))));
}

export function random(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let x = seed;
  for (let i = 0; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    bytes[i] = (x >> 16) & 255;
  }
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}
