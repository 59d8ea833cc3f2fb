import { closeFile, type FileStat, fstat, openForReading } from '@deltawire/filesystem';

/**
 * A basis file, opened once: the descriptor that is signed is the one the delta is applied to.
 * Shared by the signature worker and the receiver; closed when the last of them lets go.
 */
export class OpenBasis {
  readonly fd: number;
  readonly path: string;
  readonly stat: FileStat;
  #holders = 1;

  private constructor(fd: number, path: string, stat: FileStat) {
    this.fd = fd;
    this.path = path;
    this.stat = stat;
  }

  /** Throws errno errors; undefined when the path is not a regular file any more. */
  static open(path: string, noAtime: boolean): OpenBasis | undefined {
    const fd = openForReading(path, { followLink: false, noAtime });
    const stat = fstat(fd);
    if (stat.type === 'file') return new OpenBasis(fd, path, stat);
    closeFile(fd);
    return undefined;
  }

  /** Keep the descriptor open for one more holder. */
  hold(): void {
    this.#holders++;
  }

  release(): void {
    if (--this.#holders === 0) closeFile(this.fd);
  }

  /** Whether this is still the file that `stat` describes, unchanged. */
  matches(stat: FileStat): boolean {
    const mine = this.stat;
    return (
      mine.ino === stat.ino &&
      mine.dev === stat.dev &&
      mine.size === stat.size &&
      mine.mtime === stat.mtime &&
      mine.mtimeNs === stat.mtimeNs
    );
  }
}
