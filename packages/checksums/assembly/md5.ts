/** MD5 compression, one message at a time (RFC 1321). */

@inline
function round1(a: u32, b: u32, c: u32, d: u32, m: u32, k: u32, s: u32): u32 {
  return rotl<u32>(a + m + k + (((c ^ d) & b) ^ d), s) + b;
}

/** The two terms never share a bit, so they may be added one after the other: a shorter chain. */
@inline
function round2(a: u32, b: u32, c: u32, d: u32, m: u32, k: u32, s: u32): u32 {
  return rotl<u32>(a + m + k + (c & ~d) + (b & d), s) + b;
}

@inline
function round3(a: u32, b: u32, c: u32, d: u32, m: u32, k: u32, s: u32): u32 {
  return rotl<u32>(a + m + k + (c ^ d ^ b), s) + b;
}

@inline
function round4(a: u32, b: u32, c: u32, d: u32, m: u32, k: u32, s: u32): u32 {
  return rotl<u32>(a + m + k + (c ^ (b | ~d)), s) + b;
}

/** Fold `count` blocks of 64 bytes at `p` into the four words at `state`. */
export function md5Compress(p: usize, count: u32, state: usize): void {
  let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), d = load<u32>(state, 12);
  for (; count != 0; count--) {
    const a0 = a, b0 = b, c0 = c, d0 = d;
    const m0 = load<u32>(p, 0), m1 = load<u32>(p, 4), m2 = load<u32>(p, 8), m3 = load<u32>(p, 12);
    const m4 = load<u32>(p, 16), m5 = load<u32>(p, 20), m6 = load<u32>(p, 24), m7 = load<u32>(p, 28);
    const m8 = load<u32>(p, 32), m9 = load<u32>(p, 36), m10 = load<u32>(p, 40), m11 = load<u32>(p, 44);
    const m12 = load<u32>(p, 48), m13 = load<u32>(p, 52), m14 = load<u32>(p, 56), m15 = load<u32>(p, 60);

    a = round1(a, b, c, d, m0, 0xd76aa478, 7);
    d = round1(d, a, b, c, m1, 0xe8c7b756, 12);
    c = round1(c, d, a, b, m2, 0x242070db, 17);
    b = round1(b, c, d, a, m3, 0xc1bdceee, 22);
    a = round1(a, b, c, d, m4, 0xf57c0faf, 7);
    d = round1(d, a, b, c, m5, 0x4787c62a, 12);
    c = round1(c, d, a, b, m6, 0xa8304613, 17);
    b = round1(b, c, d, a, m7, 0xfd469501, 22);
    a = round1(a, b, c, d, m8, 0x698098d8, 7);
    d = round1(d, a, b, c, m9, 0x8b44f7af, 12);
    c = round1(c, d, a, b, m10, 0xffff5bb1, 17);
    b = round1(b, c, d, a, m11, 0x895cd7be, 22);
    a = round1(a, b, c, d, m12, 0x6b901122, 7);
    d = round1(d, a, b, c, m13, 0xfd987193, 12);
    c = round1(c, d, a, b, m14, 0xa679438e, 17);
    b = round1(b, c, d, a, m15, 0x49b40821, 22);

    a = round2(a, b, c, d, m1, 0xf61e2562, 5);
    d = round2(d, a, b, c, m6, 0xc040b340, 9);
    c = round2(c, d, a, b, m11, 0x265e5a51, 14);
    b = round2(b, c, d, a, m0, 0xe9b6c7aa, 20);
    a = round2(a, b, c, d, m5, 0xd62f105d, 5);
    d = round2(d, a, b, c, m10, 0x02441453, 9);
    c = round2(c, d, a, b, m15, 0xd8a1e681, 14);
    b = round2(b, c, d, a, m4, 0xe7d3fbc8, 20);
    a = round2(a, b, c, d, m9, 0x21e1cde6, 5);
    d = round2(d, a, b, c, m14, 0xc33707d6, 9);
    c = round2(c, d, a, b, m3, 0xf4d50d87, 14);
    b = round2(b, c, d, a, m8, 0x455a14ed, 20);
    a = round2(a, b, c, d, m13, 0xa9e3e905, 5);
    d = round2(d, a, b, c, m2, 0xfcefa3f8, 9);
    c = round2(c, d, a, b, m7, 0x676f02d9, 14);
    b = round2(b, c, d, a, m12, 0x8d2a4c8a, 20);

    a = round3(a, b, c, d, m5, 0xfffa3942, 4);
    d = round3(d, a, b, c, m8, 0x8771f681, 11);
    c = round3(c, d, a, b, m11, 0x6d9d6122, 16);
    b = round3(b, c, d, a, m14, 0xfde5380c, 23);
    a = round3(a, b, c, d, m1, 0xa4beea44, 4);
    d = round3(d, a, b, c, m4, 0x4bdecfa9, 11);
    c = round3(c, d, a, b, m7, 0xf6bb4b60, 16);
    b = round3(b, c, d, a, m10, 0xbebfbc70, 23);
    a = round3(a, b, c, d, m13, 0x289b7ec6, 4);
    d = round3(d, a, b, c, m0, 0xeaa127fa, 11);
    c = round3(c, d, a, b, m3, 0xd4ef3085, 16);
    b = round3(b, c, d, a, m6, 0x04881d05, 23);
    a = round3(a, b, c, d, m9, 0xd9d4d039, 4);
    d = round3(d, a, b, c, m12, 0xe6db99e5, 11);
    c = round3(c, d, a, b, m15, 0x1fa27cf8, 16);
    b = round3(b, c, d, a, m2, 0xc4ac5665, 23);

    a = round4(a, b, c, d, m0, 0xf4292244, 6);
    d = round4(d, a, b, c, m7, 0x432aff97, 10);
    c = round4(c, d, a, b, m14, 0xab9423a7, 15);
    b = round4(b, c, d, a, m5, 0xfc93a039, 21);
    a = round4(a, b, c, d, m12, 0x655b59c3, 6);
    d = round4(d, a, b, c, m3, 0x8f0ccc92, 10);
    c = round4(c, d, a, b, m10, 0xffeff47d, 15);
    b = round4(b, c, d, a, m1, 0x85845dd1, 21);
    a = round4(a, b, c, d, m8, 0x6fa87e4f, 6);
    d = round4(d, a, b, c, m15, 0xfe2ce6e0, 10);
    c = round4(c, d, a, b, m6, 0xa3014314, 15);
    b = round4(b, c, d, a, m13, 0x4e0811a1, 21);
    a = round4(a, b, c, d, m4, 0xf7537e82, 6);
    d = round4(d, a, b, c, m11, 0xbd3af235, 10);
    c = round4(c, d, a, b, m2, 0x2ad7d2bb, 15);
    b = round4(b, c, d, a, m9, 0xeb86d391, 21);

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
