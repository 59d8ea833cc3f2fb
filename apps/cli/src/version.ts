import { platformSupport } from '@deltawire/filesystem';
import type { VersionInfo } from '@deltawire/options';

/** Deltawire's own version, the same as in package.json (a test holds them together). */
export const VERSION = '0.0.0';

/** What `--version` and `-VV` say of this build. */
export const describeBuild = (): VersionInfo => ({
  deltawire: VERSION,
  protocol: 32,
  copyright: '(C) 2026 The Deltawire authors',
  url: 'https://www.npmjs.com/package/deltawire',
  capabilities: {
    file_bits: 64,
    inum_bits: 64,
    timestamp_bits: 64,
    long_int_bits: 64,
    socketpairs: false,
    symlinks: true,
    symtimes: true,
    hardlinks: true,
    hardlink_specials: true,
    hardlink_symlinks: true,
    IPv6: true,
    atimes: true,
    batchfiles: true,
    inplace: true,
    append: true,
    ACLs: platformSupport.acls(),
    ACL_at: false,
    xattrs: platformSupport.xattrs(),
    secluded_args: 'optional',
    iconv: true,
    prealloc: platformSupport.preallocation(),
    stop_at: true,
    crtimes: false,
  },
  optimizations: {
    SIMD_roll: true,
    asm_roll: false,
    openssl_crypto: false,
    asm_MD5: false,
  },
  checksums: ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1', 'none'],
  compressors: ['zstd', 'lz4', 'zlibx', 'zlib', 'none'],
  daemonAuth: ['sha512', 'sha256', 'sha1', 'md5', 'md4'],
  license: 'MIT',
  caveat: 'Deltawire comes with ABSOLUTELY NO WARRANTY',
});
