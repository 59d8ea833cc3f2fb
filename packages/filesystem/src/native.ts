import { createRequire } from 'node:module';
import { systemError } from './errno.ts';

/** The system calls that Node's file functions lack or do inexactly. All throw errors as Node does. */
export interface NativeCalls {
  /** Where they come from. */
  readonly provider: 'node:ffi' | 'koffi';
  /** Set times exactly. `UTIME_OMIT` as nanoseconds keeps a time. */
  utimensat(path: string, times: NativeTimes, followLink: boolean): void;
  futimens(fd: number, times: NativeTimes): void;
  /** Make a device, fifo or socket; `mode` includes the type bits, the umask applies. */
  mknod(path: string, mode: number, major: number, minor: number): void;
}

/** Seconds and nanoseconds of both times. */
export interface NativeTimes {
  readonly atime: number;
  readonly atimeNs: number;
  readonly mtime: number;
  readonly mtimeNs: number;
}

/** Nanoseconds that mean "leave this time alone". */
export const UTIME_OMIT: number = process.platform === 'darwin' ? -2 : 0x3fff_fffe;

/** The C functions, as either library binds them: 0 or -1, and where errno is. */
interface Library {
  readonly provider: NativeCalls['provider'];
  readonly utimensat: (dirfd: number, path: Buffer, times: BigInt64Array, flags: number) => number;
  readonly futimens: (fd: number, times: BigInt64Array) => number;
  readonly mknod: (path: Buffer, mode: number, device: bigint | number) => number;
  readonly errno: () => number;
}

let loaded: NativeCalls | null | undefined;

/**
 * Native calls through `node:ffi` (Node 26 and later) or else the optional package koffi; undefined
 * when there is neither or the platform's structures are not the 64-bit ones. Loaded at the first
 * call, which takes a few milliseconds.
 */
export function nativeCalls(): NativeCalls | undefined {
  if (loaded === undefined) {
    const library = isSupported() ? (loadNodeFfi() ?? loadKoffi()) : undefined;
    loaded = library ? wrap(library) : null;
  }
  return loaded ?? undefined;
}

/** Whether struct timespec is two 64-bit integers here, and dev_t is known. */
function isSupported(): boolean {
  const is64Bit = ['x64', 'arm64', 'ppc64', 's390x', 'riscv64', 'loong64'].includes(process.arch);
  return is64Bit && ['linux', 'darwin'].includes(process.platform);
}

const ERRNO_LOCATION = process.platform === 'darwin' ? '__error' : '__errno_location';
const DEVICE_TYPE = process.platform === 'darwin' ? 'i32' : 'u64';

function loadNodeFfi(): Library | undefined {
  const ffi = withoutWarnings(() => {
    try {
      return process.getBuiltinModule('node:ffi' as 'node:fs') as unknown as NodeFfi | undefined;
    } catch {
      return undefined; // refused by the permission model
    }
  });
  if (!ffi) return undefined;
  try {
    const { functions } = ffi.dlopen(null, {
      utimensat: { arguments: ['i32', 'pointer', 'pointer', 'i32'], return: 'i32' },
      futimens: { arguments: ['i32', 'pointer'], return: 'i32' },
      mknod: { arguments: ['pointer', 'u32', DEVICE_TYPE], return: 'i32' },
      [ERRNO_LOCATION]: { arguments: [], return: 'pointer' },
    });
    const { utimensat, futimens, mknod, [ERRNO_LOCATION]: location } = functions;
    if (!utimensat || !futimens || !mknod || !location) return undefined;
    return {
      provider: 'node:ffi',
      utimensat: utimensat as Library['utimensat'],
      futimens: futimens as Library['futimens'],
      mknod: mknod as Library['mknod'],
      errno: () => ffi.getInt32(location() as bigint, 0),
    };
  } catch {
    return undefined; // a C library without one of the symbols
  }
}

function loadKoffi(): Library | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi;
    const library = koffi.load(null);
    const device = process.platform === 'darwin' ? 'int32' : 'uint64';
    return {
      provider: 'koffi',
      utimensat: library.func('utimensat', 'int', ['int', 'void *', 'void *', 'int']),
      futimens: library.func('futimens', 'int', ['int', 'void *']),
      mknod: library.func('mknod', 'int', ['void *', 'uint32', device]),
      errno: () => koffi.errno(),
    };
  } catch {
    return undefined; // not installed, or without a build for this platform
  }
}

/** Nothing but rsync's own lines may reach the error output, so node:ffi must not announce itself. */
function withoutWarnings<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function wrap(library: Library): NativeCalls {
  const isDarwin = process.platform === 'darwin';
  const atFdcwd = isDarwin ? -2 : -100;
  const noFollow = isDarwin ? 0x20 : 0x100;
  const timespecs = new BigInt64Array(4);
  const fill = (times: NativeTimes): BigInt64Array => {
    timespecs[0] = BigInt(times.atime);
    timespecs[1] = BigInt(times.atimeNs);
    timespecs[2] = BigInt(times.mtime);
    timespecs[3] = BigInt(times.mtimeNs);
    return timespecs;
  };
  const check = (result: number, call: string, path: string): void => {
    if (result !== 0) throw systemError(library.errno(), call, path);
  };
  return {
    provider: library.provider,
    utimensat(path, times, followLink) {
      const flags = followLink ? 0 : noFollow;
      const result = library.utimensat(atFdcwd, cString(path), fill(times), flags);
      check(result, 'utimensat', path);
    },
    futimens(fd, times) {
      check(library.futimens(fd, fill(times)), 'futimens', `fd ${fd}`);
    },
    mknod(path, mode, major, minor) {
      const device = isDarwin ? ((major << 24) | minor) >> 0 : linuxDevice(major, minor);
      check(library.mknod(cString(path), mode, device), 'mknod', path);
    },
  };
}

function cString(path: string): Buffer {
  return Buffer.from(`${path}\0`, 'latin1');
}

/** Linux `dev_t`: the inverse of what stat.ts takes apart. */
function linuxDevice(major: number, minor: number): bigint {
  const ma = BigInt(major);
  const mi = BigInt(minor);
  return ((ma & 0xfffn) << 8n) | ((ma & ~0xfffn) << 32n) | (mi & 0xffn) | ((mi & ~0xffn) << 12n);
}

/** What is used of `node:ffi`; Node's type package of the development version does not have it. */
interface NodeFfi {
  dlopen(
    path: null,
    functions: Record<string, { arguments: readonly string[]; return: string }>,
  ): { functions: Record<string, ((...values: unknown[]) => unknown) | undefined> };
  getInt32(pointer: bigint, offset: number): number;
}

/** What is used of koffi: its own types would make it a dependency of the type check. */
interface Koffi {
  load(path: null): {
    func<F>(name: string, result: string, parameters: readonly string[]): F;
  };
  errno(): number;
}
