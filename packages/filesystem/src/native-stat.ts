import { endianness } from 'node:os';
import { systemError } from './errno.ts';
import { type FileStat, fileTypeOfMode } from './file-stat.ts';
import { koffiLibrary, linuxDevice } from './native.ts';

/** lstat(2) or, with `followLinks`, stat(2). Undefined when there is nothing; other errors are thrown. */
export type NativeStat = (path: string, followLinks: boolean) => FileStat | undefined;

type Statx = (
  dirfd: number,
  path: string,
  flags: number,
  mask: number,
  buffer: Uint32Array,
) => number;

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_NO_AUTOMOUNT = 0x800;
const STATX_BASIC_STATS = 0x7ff;
const ENOENT = 2;
const ENOTDIR = 20;

/** `struct statx` as 32-bit words (statx(2)); of the 64-bit fields the lower word. */
const Word = {
  NLINK: 4,
  UID: 5,
  GID: 6,
  MODE: 7,
  INO: 8,
  SIZE: 10,
  ATIME: 16,
  MTIME: 28,
  RDEV_MAJOR: 32,
  RDEV_MINOR: 33,
  DEV_MAJOR: 34,
  DEV_MINOR: 35,
  COUNT: 64,
} as const;

const TWO_32 = 2 ** 32;

/**
 * statx(2) of Linux through koffi: Node's own stat turns every field into a big integer first, which takes
 * twice as long. Paths must be plain ASCII without NUL. Undefined where it cannot be had.
 */
export function openNativeStat(): NativeStat | undefined {
  if (process.platform !== 'linux' || endianness() !== 'LE') return undefined;
  const library = koffiLibrary();
  if (library === undefined) return undefined;
  const words = new Uint32Array(Word.COUNT);
  try {
    const { statx } = library.bind<{ statx: Statx }>({
      statx: ['i32', 'string', 'i32', 'u32', 'pointer', 'i32'],
    });
    // An old kernel or a sandbox may not know the call.
    if (statx(AT_FDCWD, '/', AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, words) !== 0) return undefined;
    const read = reader(words);
    return (path, followLinks) => {
      const flags = followLinks ? AT_NO_AUTOMOUNT : AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
      if (statx(AT_FDCWD, path, flags, STATX_BASIC_STATS, words) === 0) return read();
      const errno = library.errno();
      if (errno === ENOENT || errno === ENOTDIR) return undefined;
      throw systemError(errno, followLinks ? 'stat' : 'lstat', path);
    };
  } catch {
    return undefined; // a C library without the function
  }
}

/** Takes the structure apart, with the fields in the order of stat.ts: all results are of one shape. */
function reader(words: Uint32Array): () => FileStat {
  const wide = new BigUint64Array(words.buffer);
  const seconds = (word: number): number => words[word]! + (words[word + 1]! | 0) * TWO_32;
  let dev = 0n;
  let devMajor = 0;
  let devMinor = 0;
  return () => {
    const mode = words[Word.MODE]! & 0xffff;
    const type = fileTypeOfMode(mode);
    const isDevice = type === 'char' || type === 'block';
    if (words[Word.DEV_MAJOR] !== devMajor || words[Word.DEV_MINOR] !== devMinor) {
      devMajor = words[Word.DEV_MAJOR]!;
      devMinor = words[Word.DEV_MINOR]!;
      dev = linuxDevice(devMajor, devMinor);
    }
    return {
      type,
      mode,
      size: words[Word.SIZE]! + words[Word.SIZE + 1]! * TWO_32,
      mtime: seconds(Word.MTIME),
      mtimeNs: words[Word.MTIME + 2]!,
      atime: seconds(Word.ATIME),
      atimeNs: words[Word.ATIME + 2]!,
      uid: words[Word.UID]!,
      gid: words[Word.GID]!,
      rdevMajor: isDevice ? words[Word.RDEV_MAJOR]! : 0,
      rdevMinor: isDevice ? words[Word.RDEV_MINOR]! : 0,
      dev,
      ino: wide[Word.INO / 2]!,
      nlink: words[Word.NLINK]!,
    };
  };
}
