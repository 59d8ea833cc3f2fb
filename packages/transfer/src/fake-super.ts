import {
  closeFile,
  type FileStat,
  FileTypeBits,
  fileTypeOfMode,
  fstat,
  lstat,
  openForReading,
  readAt,
  type WantedAttributes,
  type XattrCalls,
  type XattrTarget,
  xattrCalls,
} from '@deltawire/filesystem';
import { type FileEntry, LINK_TARGET_MAX_BYTES } from '@deltawire/protocol';
import type { Session } from './session.ts';

/** Where a file keeps what it cannot have: text, `MODE MAJOR,MINOR UID:GID`. */
const STAT_NAME = 'user.rsync.%stat';
const STAT_TEXT = /^([0-7]{1,6}) (\d{1,10}),(\d{1,10}) (\d{1,10}):(\d{1,10})$/;
/** As in rsync; a longer text is no such text. */
const STAT_MAX_BYTES = 255;

/**
 * `--fake-super`: owners, special modes, devices and links are not made, but noted in an extended
 * attribute of an ordinary file, and read from there (docs/spec/data.md §10.4).
 */
export class FakeSuper {
  readonly #calls: XattrCalls;
  /** What files really are, by what they stand for. */
  readonly #real: WeakMap<FileStat, FileStat> = new WeakMap();

  readonly #session: Session;

  private constructor(session: Session, calls: XattrCalls) {
    this.#session = session;
    this.#calls = calls;
  }

  /** undefined without the option, and where the system has no extended attributes. */
  static open(session: Session): FakeSuper | undefined {
    const calls = session.options.fakeSuper ? xattrCalls() : undefined;
    return calls && new FakeSuper(session, calls);
  }

  /** What a file stands for; `stat` is what it is. */
  see(target: XattrTarget, stat: FileStat): FileStat {
    if (stat.type !== 'file' && stat.type !== 'directory') return stat;
    const noted = this.#noted(target);
    if (noted === undefined) return stat;
    const [mode = 0, rdevMajor = 0, rdevMinor = 0, uid = 0, gid = 0] = noted;
    const isDirectory = (mode & FileTypeBits.MASK) === FileTypeBits.DIRECTORY;
    // A directory stands for a directory, whatever is noted, and nothing else does.
    if (isDirectory !== (stat.type === 'directory')) return stat;
    const type = fileTypeOfMode(mode);
    const size = type === 'file' || type === 'symlink' || isDirectory ? stat.size : 0;
    const seen = { ...stat, type, mode, size, uid, gid, rdevMajor, rdevMinor };
    this.#real.set(seen, stat);
    return seen;
  }

  /** What a file is, of what it stands for. */
  realOf(seen: FileStat): FileStat {
    return this.#real.get(seen) ?? seen;
  }

  /** The target of a link, if `path` is a file that stands for one. */
  linkTarget(path: string, seen: FileStat): string | undefined {
    if (seen.type !== 'symlink' || !this.#real.has(seen)) return undefined;
    const bytes = Buffer.alloc(LINK_TARGET_MAX_BYTES);
    const fd = openForReading(path, { followLink: false });
    try {
      return bytes.toString('latin1', 0, readAt(fd)(bytes, 0));
    } finally {
      closeFile(fd);
    }
  }

  /** What is to be set on a file for what it is to stand for; `seen` is what it stands for now. */
  adapt(entry: FileEntry, wanted: WantedAttributes, seen: FileStat): WantedAttributes {
    const { uid = seen.uid, gid = seen.gid, mode: bits = seen.mode, afterOwner, ...times } = wanted;
    const type = entry.mode & FileTypeBits.MASK;
    const isLink = type === FileTypeBits.SYMLINK;
    const permissions = isLink ? 0o777 : bits & 0o7777;
    // Whoever does this has to get at its files again, and nobody else gets any rights.
    const mode = (permissions & 0o777) | (type === FileTypeBits.DIRECTORY ? 0o700 : 0o600);
    return {
      ...times,
      mode,
      afterOwner: (target) => {
        afterOwner?.(target);
        this.#note(target, { ...entry, mode: type | permissions, uid, gid }, mode);
      },
    };
  }

  #note(target: XattrTarget, entry: FileEntry, permissions: number): void {
    const real = typeof target === 'number' ? fstat(target) : lstat(target);
    if (real === undefined) return;
    const { mode, uid, gid } = entry;
    const type = fileTypeOfMode(mode);
    const isDevice = type === 'char' || type === 'block';
    const speaksForItself =
      real.uid === uid &&
      real.gid === gid &&
      mode === ((real.mode & FileTypeBits.MASK) | permissions);
    const before = this.#calls.get(target, STAT_NAME);
    if (speaksForItself) {
      if (before !== undefined) this.#calls.remove(target, STAT_NAME);
      return;
    }
    const device = isDevice ? `${entry.rdevMajor},${entry.rdevMinor}` : '0,0';
    const text = Buffer.from(`${mode.toString(8)} ${device} ${uid}:${gid}`);
    if (before === undefined || Buffer.compare(before, text) !== 0) {
      this.#calls.set(target, STAT_NAME, text);
    }
  }

  #noted(target: XattrTarget): number[] | undefined {
    let value: Uint8Array | undefined;
    try {
      value = this.#calls.get(target, STAT_NAME);
    } catch {
      return undefined; // one that cannot be read stands for itself
    }
    if (value === undefined) return undefined;
    const note = Buffer.from(value.subarray(0, STAT_MAX_BYTES)).toString('latin1');
    const match = STAT_TEXT.exec(note);
    if (match === null) {
      const shown = typeof target === 'number' ? 'a file' : this.#session.showPath(target);
      const what = `Corrupt ${STAT_NAME} xattr attached to ${shown}: "${note}"\n`;
      this.#session.transferError(what);
      return undefined;
    }
    const [mode = '0', ...numbers] = match.slice(1);
    return [Number.parseInt(mode, 8), ...numbers.map((text) => Number(text) >>> 0)];
  }
}
