/** SHA-1 compression (FIPS 180-4 §6.1). */

/** Message schedule of one block, 80 words. */
const W: usize = memory.data(320, 16);

@inline
function choose(b: u32, c: u32, d: u32): u32 {
  return d ^ (b & (c ^ d));
}

@inline
function majority(b: u32, c: u32, d: u32): u32 {
  return (b & c) + (d & (b ^ c));
}

/** Fold `count` blocks of 64 bytes at `p` into the five words at `state`. */
export function sha1Compress(p: usize, count: u32, state: usize): void {
  let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), d = load<u32>(state, 12), e = load<u32>(state, 16);
  for (; count != 0; count--) {
    for (let i: usize = 0; i < 64; i += 4) store<u32>(W + i, bswap<u32>(load<u32>(p + i)));
    for (let w = W + 64; w < W + 320; w += 4) {
      store<u32>(w, rotl<u32>(load<u32>(w - 12) ^ load<u32>(w - 32) ^ load<u32>(w - 56) ^ load<u32>(w - 64), 1));
    }
    const a0 = a, b0 = b, c0 = c, d0 = d, e0 = e;
    let w = W;
    // Five steps per turn: the variables are back in their places after five.
    for (; w < W + 80; w += 20) {
      e += rotl<u32>(a, 5) + choose(b, c, d) + load<u32>(w) + 0x5a827999; b = rotl<u32>(b, 30);
      d += rotl<u32>(e, 5) + choose(a, b, c) + load<u32>(w, 4) + 0x5a827999; a = rotl<u32>(a, 30);
      c += rotl<u32>(d, 5) + choose(e, a, b) + load<u32>(w, 8) + 0x5a827999; e = rotl<u32>(e, 30);
      b += rotl<u32>(c, 5) + choose(d, e, a) + load<u32>(w, 12) + 0x5a827999; d = rotl<u32>(d, 30);
      a += rotl<u32>(b, 5) + choose(c, d, e) + load<u32>(w, 16) + 0x5a827999; c = rotl<u32>(c, 30);
    }
    for (; w < W + 160; w += 20) {
      e += rotl<u32>(a, 5) + (b ^ c ^ d) + load<u32>(w) + 0x6ed9eba1; b = rotl<u32>(b, 30);
      d += rotl<u32>(e, 5) + (a ^ b ^ c) + load<u32>(w, 4) + 0x6ed9eba1; a = rotl<u32>(a, 30);
      c += rotl<u32>(d, 5) + (e ^ a ^ b) + load<u32>(w, 8) + 0x6ed9eba1; e = rotl<u32>(e, 30);
      b += rotl<u32>(c, 5) + (d ^ e ^ a) + load<u32>(w, 12) + 0x6ed9eba1; d = rotl<u32>(d, 30);
      a += rotl<u32>(b, 5) + (c ^ d ^ e) + load<u32>(w, 16) + 0x6ed9eba1; c = rotl<u32>(c, 30);
    }
    for (; w < W + 240; w += 20) {
      e += rotl<u32>(a, 5) + majority(b, c, d) + load<u32>(w) + 0x8f1bbcdc; b = rotl<u32>(b, 30);
      d += rotl<u32>(e, 5) + majority(a, b, c) + load<u32>(w, 4) + 0x8f1bbcdc; a = rotl<u32>(a, 30);
      c += rotl<u32>(d, 5) + majority(e, a, b) + load<u32>(w, 8) + 0x8f1bbcdc; e = rotl<u32>(e, 30);
      b += rotl<u32>(c, 5) + majority(d, e, a) + load<u32>(w, 12) + 0x8f1bbcdc; d = rotl<u32>(d, 30);
      a += rotl<u32>(b, 5) + majority(c, d, e) + load<u32>(w, 16) + 0x8f1bbcdc; c = rotl<u32>(c, 30);
    }
    for (; w < W + 320; w += 20) {
      e += rotl<u32>(a, 5) + (b ^ c ^ d) + load<u32>(w) + 0xca62c1d6; b = rotl<u32>(b, 30);
      d += rotl<u32>(e, 5) + (a ^ b ^ c) + load<u32>(w, 4) + 0xca62c1d6; a = rotl<u32>(a, 30);
      c += rotl<u32>(d, 5) + (e ^ a ^ b) + load<u32>(w, 8) + 0xca62c1d6; e = rotl<u32>(e, 30);
      b += rotl<u32>(c, 5) + (d ^ e ^ a) + load<u32>(w, 12) + 0xca62c1d6; d = rotl<u32>(d, 30);
      a += rotl<u32>(b, 5) + (c ^ d ^ e) + load<u32>(w, 16) + 0xca62c1d6; c = rotl<u32>(c, 30);
    }
    a += a0;
    b += b0;
    c += c0;
    d += d0;
    e += e0;
    p += 64;
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, d, 12);
  store<u32>(state, e, 16);
}
