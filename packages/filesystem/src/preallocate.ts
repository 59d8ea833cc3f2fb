import { systemError } from './errno.ts';
import { bindOrNothing, type CType, cLibrary } from './native.ts';

interface Functions {
  readonly fallocate: (fd: number, mode: number, offset: bigint, length: bigint) => number;
}

const SIGNATURES: Readonly<Record<keyof Functions, readonly CType[]>> = {
  fallocate: ['i32', 'i32', 'i64', 'i64', 'i32'],
};
const KEEP_SIZE = 1;

let loaded: ((fd: number, mode: number, length: number) => void) | null | undefined;

function load(): typeof loaded {
  const library = process.platform === 'linux' ? cLibrary() : undefined;
  const functions = library && bindOrNothing<Functions>(library, SIGNATURES);
  if (library === undefined || functions === undefined) return null;
  return (fd, mode, length) => {
    if (functions.fallocate(fd, mode, 0n, BigInt(length)) === 0) return;
    throw systemError(library.errno(), 'fallocate', `fd ${fd}`);
  };
}

/** Whether {@link preallocate} does anything here: Linux with native calls. */
export function canPreallocate(): boolean {
  loaded ??= load();
  return loaded !== null;
}

/**
 * Have the file system set `length` bytes aside for an open file. Its size stays what it is, unless
 * `extend` asks for that length. Throws the system's error.
 */
export function preallocate(fd: number, length: number, extend: boolean): void {
  if (length > 0 && canPreallocate()) loaded?.(fd, extend ? 0 : KEEP_SIZE, length);
}
