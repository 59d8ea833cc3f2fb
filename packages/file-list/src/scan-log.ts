import { absolutePath, errnoCode, errnoText } from '@deltawire/filesystem';
import { IoError, type ScanOptions } from './scan-options.ts';

/** Turns what goes wrong while scanning into messages and io_error bits (docs/spec/data.md §13.7). */
export class ScanLog {
  /** All bits so far. */
  ioError = 0;
  readonly #options: ScanOptions;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  /** `call "path" failed: reason`; the error bit stays clear when asked. */
  systemCall(call: string, path: string, error: unknown, ioError: number = IoError.GENERAL): void {
    this.ioError |= ioError;
    this.#options.onMessage({ kind: 'system', text: this.describe(call, path, error) });
  }

  /** The text of such a message. */
  describe(call: string, path: string, error: unknown): string {
    return `${call} ${this.#shown(path)} failed: ${errnoText(error)}`;
  }

  /** An argument cannot be looked at. One that does not exist does not inhibit deletions (§3.15). */
  argument(path: string, error: unknown): void {
    const isMissing = errnoCode(error) === 'ENOENT';
    this.systemCall('link_stat', path, error, isMissing ? 0 : IoError.GENERAL);
  }

  /** A directory that was listed cannot be read any more. */
  directory(path: string, error: unknown): void {
    if (errnoCode(error) === 'ENOENT') this.vanished(path);
    else this.systemCall('opendir', path, error);
  }

  /** Something that was listed cannot be looked at any more. */
  item(path: string, error: unknown): void {
    if (errnoCode(error) === 'ENOENT') {
      this.vanished(path);
      return;
    }
    this.ioError |= IoError.GENERAL;
    const text = `readlink_stat(${this.#shown(path)}) failed: ${errnoText(error)}`;
    this.#options.onMessage({ kind: 'system', text });
  }

  vanished(path: string): void {
    this.ioError |= IoError.VANISHED;
    const text = `file has vanished: ${this.#shown(path)}`;
    this.#options.onMessage({ kind: 'warning', text });
  }

  noReferent(path: string): void {
    this.error(`symlink has no referent: ${this.#shown(path)}`);
  }

  error(text: string): void {
    this.ioError |= IoError.GENERAL;
    this.#options.onMessage({ kind: 'error', text });
  }

  info(text: string): void {
    this.#options.onMessage({ kind: 'info', text });
  }

  copiedUnsafe(name: string, target: string): void {
    const text = `copying unsafe symlink "${name}" -> "${target}"`;
    this.#options.onMessage({ kind: 'symsafe', text });
  }

  #shown(path: string): string {
    return this.#options.showPath?.(path) ?? `"${absolutePath(path)}"`;
  }
}
