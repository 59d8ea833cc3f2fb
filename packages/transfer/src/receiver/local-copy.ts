import {
  closeFile,
  type FileStat,
  lstat,
  openForReading,
  readAt,
  TemporaryFile,
} from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import { Breather } from '../breather.ts';
import type { Session } from '../session.ts';
import type { AttributePolicy } from './attributes.ts';

/** Bytes read at a time. */
const CHUNK_BYTES = 256 * 1024;

/** Makes files of the destination from files that are on this machine already. */
export class LocalCopier {
  readonly #session: Session;
  readonly #attributes: AttributePolicy;
  readonly #tempDir: string | undefined;
  readonly #breather: Breather = new Breather();
  #chunk: Uint8Array | undefined;

  /** `tempDir`: where temporary files are made, if not beside their destinations. */
  constructor(session: Session, attributes: AttributePolicy, tempDir: string | undefined) {
    this.#session = session;
    this.#attributes = attributes;
    this.#tempDir = tempDir;
  }

  /**
   * Copy `from` to `to`, with the entry's attributes; `existing` is what it replaces. A failure is
   * reported, and false.
   */
  async copy(
    entry: FileEntry,
    from: string,
    to: string,
    existing: FileStat | undefined = lstat(to),
  ): Promise<boolean> {
    let temporary: TemporaryFile | undefined;
    try {
      const fd = openForReading(from, {
        followLink: false,
        noAtime: this.#session.options.openNoatime,
      });
      try {
        const mode = (entry.mode | 0o200) & 0o700;
        if (this.#tempDir !== undefined) this.#session.checkOption(this.#tempDir, true);
        temporary = TemporaryFile.create(to, { tempDir: this.#tempDir, mode });
        await this.#copyBytes(fd, temporary);
      } finally {
        closeFile(fd);
      }
      const wanted = this.#attributes.wanted(entry, undefined, true);
      wanted.mode = this.#attributes.modeFor(entry, existing);
      const { xattrs } = this.#attributes;
      const { path } = temporary;
      if (xattrs !== undefined) wanted.afterOwner = (target) => xattrs.copy(from, target, path);
      const own = this.#attributes.adapt(entry, wanted, temporary.stat(), path);
      temporary.apply(own, this.#attributes.report(temporary.path, 'generator'));
      temporary.commit(to);
      return true;
    } catch (error) {
      temporary?.discard();
      const { showPath } = this.#session;
      const what = `copy_file ${showPath(from)} => ${showPath(to)}`;
      this.#session.systemWarning('generator', what, error);
      return false;
    }
  }

  async #copyBytes(fd: number, target: TemporaryFile): Promise<void> {
    this.#chunk ??= new Uint8Array(CHUNK_BYTES);
    const chunk = this.#chunk;
    const read = readAt(fd);
    for (let position = 0; ; ) {
      const count = read(chunk, position);
      if (count === 0) return;
      target.write(chunk.subarray(0, count), position);
      position += count;
      if (this.#breather.due) await this.#breather.pause();
    }
  }
}
