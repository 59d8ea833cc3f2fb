import { errnoCode, systemError } from './errno.ts';
import { bindOrNothing, type CLibrary, type CType, cLibrary, cString } from './native.ts';
import { canPreallocate } from './preallocate.ts';

/** A path, whose last component is not followed, or a descriptor. */
export type XattrTarget = string | number;

/** The system calls for extended attributes. Names are byte strings; all throw errors as Node does. */
export interface XattrCalls {
  /** The names of all attributes that the caller may know of, as the system orders them. */
  list(target: XattrTarget): string[];
  /** The value; undefined when there is no such attribute. */
  get(target: XattrTarget, name: string): Uint8Array | undefined;
  set(target: XattrTarget, name: string, value: Uint8Array): void;
  remove(target: XattrTarget, name: string): void;
}

/** The C functions by path and by descriptor; the sizes are `ssize_t` and `size_t`. */
interface Functions {
  readonly llistxattr: (path: Buffer, list: Buffer, size: bigint) => number | bigint;
  readonly flistxattr: (fd: number, list: Buffer, size: bigint) => number | bigint;
  readonly lgetxattr: (p: Buffer, n: Buffer, value: Uint8Array, size: bigint) => number | bigint;
  readonly fgetxattr: (fd: number, n: Buffer, value: Uint8Array, size: bigint) => number | bigint;
  readonly lsetxattr: (p: Buffer, n: Buffer, v: Uint8Array, size: bigint, flags: number) => number;
  readonly fsetxattr: (fd: number, n: Buffer, v: Uint8Array, size: bigint, flags: number) => number;
  readonly lremovexattr: (path: Buffer, name: Buffer) => number;
  readonly fremovexattr: (fd: number, name: Buffer) => number;
}

const SIGNATURES: Readonly<Record<keyof Functions, readonly CType[]>> = {
  llistxattr: ['pointer', 'pointer', 'u64', 'i64'],
  flistxattr: ['i32', 'pointer', 'u64', 'i64'],
  lgetxattr: ['pointer', 'pointer', 'pointer', 'u64', 'i64'],
  fgetxattr: ['i32', 'pointer', 'pointer', 'u64', 'i64'],
  lsetxattr: ['pointer', 'pointer', 'pointer', 'u64', 'i32', 'i32'],
  fsetxattr: ['i32', 'pointer', 'pointer', 'u64', 'i32', 'i32'],
  lremovexattr: ['pointer', 'pointer', 'i32'],
  fremovexattr: ['i32', 'pointer', 'i32'],
};

/** What Linux lets a list of names and a value have at most, in bytes: the buffer that always does. */
const MAX_BYTES = 65_536;
const ROOM = BigInt(MAX_BYTES);

let loaded: XattrCalls | null | undefined;

/** The calls, or undefined where this program has none: not Linux, or no native calls. */
export function xattrCalls(): XattrCalls | undefined {
  if (loaded === undefined) {
    const library = process.platform === 'linux' ? cLibrary() : undefined;
    const functions = library && bindOrNothing<Functions>(library, SIGNATURES);
    loaded = library && functions ? wrap(library, functions) : null;
  }
  return loaded ?? undefined;
}

/**
 * What only some platforms and installations can do. Finding out loads the native calls, so ask when
 * the answer is needed.
 */
export const platformSupport: {
  readonly xattrs: () => boolean;
  /** POSIX access-control lists: Linux keeps them in extended attributes. */
  readonly acls: () => boolean;
  /** Space for files can be set aside. */
  readonly preallocation: () => boolean;
} = {
  xattrs: () => xattrCalls() !== undefined,
  acls: () => xattrCalls() !== undefined,
  preallocation: canPreallocate,
};

function wrap(library: CLibrary, f: Functions): XattrCalls {
  const buffer = Buffer.alloc(MAX_BYTES);
  const check = (result: number | bigint, call: string, target: XattrTarget): number => {
    const number = Number(result);
    if (number < 0) throw systemError(library.errno(), callName(call, target), pathOf(target));
    return number;
  };
  return {
    list(target) {
      const size =
        typeof target === 'number'
          ? f.flistxattr(target, buffer, ROOM)
          : f.llistxattr(cString(target), buffer, ROOM);
      const length = check(size, 'listxattr', target);
      return length === 0 ? [] : buffer.toString('latin1', 0, length - 1).split('\0');
    },
    get(target, name) {
      const size =
        typeof target === 'number'
          ? f.fgetxattr(target, cString(name), buffer, ROOM)
          : f.lgetxattr(cString(target), cString(name), buffer, ROOM);
      try {
        return new Uint8Array(buffer.subarray(0, check(size, 'getxattr', target)));
      } catch (error) {
        if (errnoCode(error) === 'ENODATA') return undefined;
        throw error;
      }
    },
    set(target, name, value) {
      const { length } = value;
      // An empty array may have no address.
      const bytes = length === 0 ? buffer : value;
      const result =
        typeof target === 'number'
          ? f.fsetxattr(target, cString(name), bytes, BigInt(length), 0)
          : f.lsetxattr(cString(target), cString(name), bytes, BigInt(length), 0);
      check(result, 'setxattr', target);
    },
    remove(target, name) {
      const result =
        typeof target === 'number'
          ? f.fremovexattr(target, cString(name))
          : f.lremovexattr(cString(target), cString(name));
      check(result, 'removexattr', target);
    },
  };
}

const callName = (call: string, target: XattrTarget): string =>
  `${typeof target === 'number' ? 'f' : 'l'}${call}`;

const pathOf = (target: XattrTarget): string =>
  typeof target === 'number' ? `fd ${target}` : target;
