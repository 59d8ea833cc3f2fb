/** MD4 compression, one message at a time (RFC 1320). */

@inline
function round1(a: u32, b: u32, c: u32, d: u32, m: u32, s: u32): u32 {
  return rotl<u32>(a + m + (((c ^ d) & b) ^ d), s);
}

/** Majority as (c & d) + (b & (c ^ d)): the terms share no bit, and the chain through b is short. */
@inline
function round2(a: u32, b: u32, c: u32, d: u32, m: u32, s: u32): u32 {
  return rotl<u32>(a + m + 0x5a827999 + (c & d) + (b & (c ^ d)), s);
}

@inline
function round3(a: u32, b: u32, c: u32, d: u32, m: u32, s: u32): u32 {
  return rotl<u32>(a + m + 0x6ed9eba1 + (c ^ d ^ b), s);
}

/** Fold `count` blocks of 64 bytes at `p` into the four words at `state`. */
export function md4Compress(p: usize, count: u32, state: usize): void {
  let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), d = load<u32>(state, 12);
  for (; count != 0; count--) {
    const a0 = a, b0 = b, c0 = c, d0 = d;
    const m0 = load<u32>(p, 0), m1 = load<u32>(p, 4), m2 = load<u32>(p, 8), m3 = load<u32>(p, 12);
    const m4 = load<u32>(p, 16), m5 = load<u32>(p, 20), m6 = load<u32>(p, 24), m7 = load<u32>(p, 28);
    const m8 = load<u32>(p, 32), m9 = load<u32>(p, 36), m10 = load<u32>(p, 40), m11 = load<u32>(p, 44);
    const m12 = load<u32>(p, 48), m13 = load<u32>(p, 52), m14 = load<u32>(p, 56), m15 = load<u32>(p, 60);

    a = round1(a, b, c, d, m0, 3);
    d = round1(d, a, b, c, m1, 7);
    c = round1(c, d, a, b, m2, 11);
    b = round1(b, c, d, a, m3, 19);
    a = round1(a, b, c, d, m4, 3);
    d = round1(d, a, b, c, m5, 7);
    c = round1(c, d, a, b, m6, 11);
    b = round1(b, c, d, a, m7, 19);
    a = round1(a, b, c, d, m8, 3);
    d = round1(d, a, b, c, m9, 7);
    c = round1(c, d, a, b, m10, 11);
    b = round1(b, c, d, a, m11, 19);
    a = round1(a, b, c, d, m12, 3);
    d = round1(d, a, b, c, m13, 7);
    c = round1(c, d, a, b, m14, 11);
    b = round1(b, c, d, a, m15, 19);

    a = round2(a, b, c, d, m0, 3);
    d = round2(d, a, b, c, m4, 5);
    c = round2(c, d, a, b, m8, 9);
    b = round2(b, c, d, a, m12, 13);
    a = round2(a, b, c, d, m1, 3);
    d = round2(d, a, b, c, m5, 5);
    c = round2(c, d, a, b, m9, 9);
    b = round2(b, c, d, a, m13, 13);
    a = round2(a, b, c, d, m2, 3);
    d = round2(d, a, b, c, m6, 5);
    c = round2(c, d, a, b, m10, 9);
    b = round2(b, c, d, a, m14, 13);
    a = round2(a, b, c, d, m3, 3);
    d = round2(d, a, b, c, m7, 5);
    c = round2(c, d, a, b, m11, 9);
    b = round2(b, c, d, a, m15, 13);

    a = round3(a, b, c, d, m0, 3);
    d = round3(d, a, b, c, m8, 9);
    c = round3(c, d, a, b, m4, 11);
    b = round3(b, c, d, a, m12, 15);
    a = round3(a, b, c, d, m2, 3);
    d = round3(d, a, b, c, m10, 9);
    c = round3(c, d, a, b, m6, 11);
    b = round3(b, c, d, a, m14, 15);
    a = round3(a, b, c, d, m1, 3);
    d = round3(d, a, b, c, m9, 9);
    c = round3(c, d, a, b, m5, 11);
    b = round3(b, c, d, a, m13, 15);
    a = round3(a, b, c, d, m3, 3);
    d = round3(d, a, b, c, m11, 9);
    c = round3(c, d, a, b, m7, 11);
    b = round3(b, c, d, a, m15, 15);

    a += a0;
    b += b0;
    c += c0;
    d += d0;
    p += 64;
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, d, 12);
}
