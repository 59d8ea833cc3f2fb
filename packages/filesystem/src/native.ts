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

/** The C functions: 0 or -1. */
interface Functions {
  readonly utimensat: (dirfd: number, path: Buffer, times: BigInt64Array, flags: number) => number;
  readonly futimens: (fd: number, times: BigInt64Array) => number;
  readonly mknod: (path: Buffer, mode: number, device: bigint | number) => number;
}

/** A type of C, as both libraries can name it. */
export type CType = 'i32' | 'u32' | 'i64' | 'u64' | 'pointer' | 'string';

/** The C library, as either foreign-function interface opens it. */
export interface CLibrary {
  readonly provider: NativeCalls['provider'];
  /** Functions by name, with their parameters and, last, their results. Throws when one is missing. */
  bind<T>(signatures: Readonly<Record<keyof T & string, readonly CType[]>>): T;
  /** Why the last call failed. */
  errno(): number;
}

let library: CLibrary | null | undefined;
let koffiOpened: CLibrary | null | undefined;
let loaded: NativeCalls | null | undefined;

/**
 * The C library through `node:ffi` (Node 26 and later) or else the optional package koffi; undefined
 * when there is neither or the platform's structures are not the 64-bit ones.
 */
export function cLibrary(): CLibrary | undefined {
  if (library === undefined) {
    library = (isSupported() ? (openWithNode() ?? koffiLibrary()) : undefined) ?? null;
  }
  return library ?? undefined;
}

/** Native calls; undefined where there are none. Loaded at the first call: a few milliseconds. */
export function nativeCalls(): NativeCalls | undefined {
  if (loaded === undefined) {
    const opened = cLibrary();
    const functions = opened && bindOrNothing<Functions>(opened, SIGNATURES);
    loaded = opened && functions ? wrap(opened, functions) : null;
  }
  return loaded ?? undefined;
}

/** Functions of the library, or undefined where it lacks one of them. */
export function bindOrNothing<T>(
  from: CLibrary,
  signatures: Readonly<Record<keyof T & string, readonly CType[]>>,
): T | undefined {
  try {
    return from.bind<T>(signatures);
  } catch {
    return undefined;
  }
}

/** Whether struct timespec is two 64-bit integers here, and dev_t is known. */
function isSupported(): boolean {
  const is64Bit = ['x64', 'arm64', 'ppc64', 's390x', 'riscv64', 'loong64'].includes(process.arch);
  return is64Bit && ['linux', 'darwin'].includes(process.platform);
}

const ERRNO_LOCATION = process.platform === 'darwin' ? '__error' : '__errno_location';
const SIGNATURES: Readonly<Record<keyof Functions, readonly CType[]>> = {
  utimensat: ['i32', 'pointer', 'pointer', 'i32', 'i32'],
  futimens: ['i32', 'pointer', 'i32'],
  mknod: ['pointer', 'u32', process.platform === 'darwin' ? 'i32' : 'u64', 'i32'],
};

function openWithNode(): CLibrary | undefined {
  const ffi = withoutWarnings(() => {
    try {
      return process.getBuiltinModule('node:ffi' as 'node:fs') as unknown as NodeFfi | undefined;
    } catch {
      return undefined; // refused by the permission model
    }
  });
  if (!ffi) return undefined;
  const bind = <T>(signatures: Readonly<Record<string, readonly CType[]>>): T => {
    const wanted = Object.entries(signatures).map(([name, types]) => [
      name,
      { arguments: types.slice(0, -1), return: types.at(-1)! },
    ]);
    return ffi.dlopen(null, Object.fromEntries(wanted)).functions as T;
  };
  try {
    const { [ERRNO_LOCATION]: location } = bind<Record<string, () => bigint>>({
      [ERRNO_LOCATION]: ['pointer'],
    });
    if (!location) return undefined;
    return { provider: 'node:ffi', bind, errno: () => ffi.getInt32(location(), 0) };
  } catch {
    return undefined; // a C library without the symbol
  }
}

const KOFFI_TYPES: Readonly<Record<CType, string>> = {
  i32: 'int32',
  u32: 'uint32',
  i64: 'int64',
  u64: 'uint64',
  pointer: 'void *',
  string: 'const char *',
};

/** The C library through koffi; undefined when the package is not installed. */
export function koffiLibrary(): CLibrary | undefined {
  if (koffiOpened === undefined) koffiOpened = openWithKoffi() ?? null;
  return koffiOpened ?? undefined;
}

function openWithKoffi(): CLibrary | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi;
    const opened = koffi.load(null);
    return {
      provider: 'koffi',
      bind<T>(signatures: Readonly<Record<string, readonly CType[]>>): T {
        const bound = Object.entries(signatures).map(([name, types]) => {
          const names = types.map((type) => KOFFI_TYPES[type]);
          return [name, opened.func(name, names.pop()!, names)];
        });
        return Object.fromEntries(bound) as T;
      },
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

function wrap(opened: CLibrary, functions: Functions): NativeCalls {
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
    if (result !== 0) throw systemError(opened.errno(), call, path);
  };
  return {
    provider: opened.provider,
    utimensat(path, times, followLink) {
      const flags = followLink ? 0 : noFollow;
      const result = functions.utimensat(atFdcwd, cString(path), fill(times), flags);
      check(result, 'utimensat', path);
    },
    futimens(fd, times) {
      check(functions.futimens(fd, fill(times)), 'futimens', `fd ${fd}`);
    },
    mknod(path, mode, major, minor) {
      const device = isDarwin ? ((major << 24) | minor) >> 0 : linuxDevice(major, minor);
      check(functions.mknod(cString(path), mode, device), 'mknod', path);
    },
  };
}

/** A path or name as C takes it. */
export function cString(path: string): Buffer {
  return Buffer.from(`${path}\0`, 'latin1');
}

/** Linux `dev_t`: the inverse of what stat.ts takes apart. */
export function linuxDevice(major: number, minor: number): bigint {
  const ma = BigInt(major);
  const mi = BigInt(minor);
  return ((ma & 0xfffn) << 8n) | ((ma & ~0xfffn) << 32n) | (mi & 0xffn) | ((mi & ~0xffn) << 12n);
}

/** What is used of `node:ffi`; Node's type package of the development version does not have it. */
interface NodeFfi {
  dlopen(
    path: null,
    functions: Record<string, { arguments: readonly string[]; return: string }>,
  ): { functions: unknown };
  getInt32(pointer: bigint, offset: number): number;
}

/** What is used of koffi: its own types would make it a dependency of the type check. */
interface Koffi {
  load(path: null): {
    func<F>(name: string, result: string, parameters: readonly string[]): F;
  };
  errno(): number;
}
