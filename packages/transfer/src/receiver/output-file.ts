import {
  errnoCode,
  errnoText,
  fstat,
  openForWriting,
  preallocate,
  syncFile,
  TemporaryFile,
  truncateFile,
  writeAt,
} from '@deltawire/filesystem';
import { BasisType, ExitCode, RsyncError } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { sparseWrite } from './sparse-write.ts';
import type { Request } from './state.ts';

/**
 * Where the content of a file goes: a temporary file; the destination itself with `--inplace`; or what an
 * earlier attempt has left in the partial directory (docs/spec/data.md §9).
 */
export interface OutputFile {
  readonly fd: number;
  readonly path: string;
  readonly temporary: TemporaryFile | undefined;
  /** Bytes it had before. */
  readonly oldLength: number;
}

/** Opens output files and writes to them, as the options ask. */
export class OutputFiles {
  readonly #session: Session;
  readonly #tempDir: string | undefined;

  /** @param tempDir - where temporary files are made, if not beside their destinations */
  constructor(session: Session, tempDir: string | undefined) {
    this.#session = session;
    this.#tempDir = tempDir;
  }

  /** Undefined, and a message, when it cannot be opened. */
  open(request: Request): OutputFile | undefined {
    const { options } = this.#session;
    try {
      const output = this.#open(request);
      if (options.preallocate) this.#preallocate(output, request.entry.size);
      return output;
    } catch (error) {
      const tried = pathOfError(error) ?? request.path;
      const call = options.inplace ? 'open' : 'mkstemp';
      const shown = this.#session.showPath(tried);
      this.#session.systemError('receiver', `${call} ${shown} failed`, error);
      return undefined;
    }
  }

  /** Errors are the system's. */
  write(output: OutputFile, bytes: Uint8Array, position: number): void {
    if (this.#session.options.sparse) sparseWrite(output.fd, bytes, position, output.oldLength);
    else writeAt(output.fd, bytes, position);
  }

  /**
   * All bytes have been written: what is behind them goes, and a hole at the end becomes part of it.
   * Throws the error of `writeFailed`.
   */
  complete(request: Request, output: OutputFile, length: number): void {
    const { sparse, fsync, preallocate: mayBeMore } = this.#session.options;
    const excess = mayBeMore && length < request.entry.size;
    try {
      if (output.oldLength > length || sparse || excess) truncateFile(output.fd, length);
      if (fsync) syncFile(output.fd);
    } catch (error) {
      throw this.writeFailed(request, error);
    }
  }

  /** As in rsync, a file that cannot be written to ends the transfer. */
  writeFailed(request: Request, error: unknown): RsyncError {
    const shown = this.#session.showPath(request.path);
    return new RsyncError(`rsync: [receiver] write failed on ${shown}: ${errnoText(error)}`, {
      code: errnoCode(error) === 'ENOSPC' ? 'NO_SPACE' : 'WRITE_FAILED',
      exitCode: ExitCode.FILE_IO,
      cause: error,
    });
  }

  #open(request: Request): OutputFile {
    const { entry, path, basis } = request;
    if (this.#updatesPartial(request) && basis !== undefined) {
      return updated(openForWriting(basis.path), basis.path);
    }
    if (this.#session.options.inplace) return updated(openForWriting(path, 0o600), path);
    if (this.#tempDir !== undefined) this.#session.checkOption(this.#tempDir, true);
    const temporary = TemporaryFile.create(path, {
      tempDir: this.#tempDir,
      mode: (entry.mode | 0o200) & 0o700,
    });
    return { fd: temporary.fd, path: temporary.path, temporary, oldLength: 0 };
  }

  /** Whether what is in the partial directory is changed itself; the sender then heeds that. */
  #updatesPartial({ basisType }: Request): boolean {
    const { inplacePartialDir } = this.#session.agreement.dialect;
    return basisType === BasisType.PARTIAL_DIR && inplacePartialDir;
  }

  /** A file system that cannot do it is no reason not to write. */
  #preallocate({ fd, path }: OutputFile, size: number): void {
    try {
      preallocate(fd, size, this.#session.options.sparse);
    } catch (error) {
      const shown = this.#session.showPath(path);
      this.#session.systemWarning('receiver', `do_fallocate ${shown}`, error);
    }
  }
}

/** What is there is changed itself. */
function updated(fd: number, path: string): OutputFile {
  return { fd, path, temporary: undefined, oldLength: fstat(fd).size };
}

/** The path that a failed system call was about: the temporary one. */
function pathOfError(error: unknown): string | undefined {
  const path = (error as { path?: unknown } | null | undefined)?.path;
  return typeof path === 'string' ? Buffer.from(path).toString('latin1') : undefined;
}
