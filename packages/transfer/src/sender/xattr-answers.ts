import {
  ExitCode,
  type FileEntry,
  hasXattrPart,
  ProtocolError,
  readXattrRequest,
  writeXattrValue,
  writeXattrValuesEnd,
} from '@deltawire/protocol';
import { type LocalXattrs, XattrError } from '../local-xattrs.ts';
import type { Session } from '../session.ts';

/** Sends the long values of extended attributes that the generator asks for (docs/spec/data.md §10.3). */
export class XattrAnswers {
  readonly #session: Session;
  readonly #local: LocalXattrs;

  constructor(session: Session, local: LocalXattrs) {
    this.#session = session;
    this.#local = local;
  }

  /** Behind an item's header: the numbers of the values, or undefined where there is no such part. */
  async readRequest(iflags: number): Promise<number[] | undefined> {
    const { wire, agreement, options } = this.#session;
    if (options.dryRun || !hasXattrPart(agreement.dialect, iflags)) return undefined;
    return wire.read(readXattrRequest);
  }

  /** Behind the header of the answer: the values, as they are now. */
  async write(entry: FileEntry, path: string, numbers: readonly number[]): Promise<void> {
    const { wire } = this.#session;
    let previous = 0;
    for (const number of numbers) {
      const xattr = entry.xattrs?.[number - 1];
      if (xattr?.digest === undefined) {
        throw new ProtocolError(`"${entry.name}" has no long xattr ${number}`, {
          exitCode: ExitCode.PROTOCOL,
        });
      }
      writeXattrValue(wire.out, number, previous, this.#valueOf(path, xattr.name));
      previous = number;
      wire.send();
      if (wire.congested) await wire.drained();
    }
    writeXattrValuesEnd(wire.out);
  }

  /** Nothing for one that cannot be read any more. */
  #valueOf(path: string, name: string): Uint8Array {
    const { showPath } = this.#session;
    try {
      const value = this.#local.valueOf(path, name);
      if (value !== undefined) return value;
    } catch (error) {
      if (!(error instanceof XattrError)) throw error;
      const { call, rest, cause } = error;
      this.#session.systemError('sender', `${call}(${showPath(path)},${rest}) failed`, cause);
    }
    this.#session.transferError(`failed to re-read xattr ${name} for ${showPath(path)}\n`);
    return new Uint8Array(0);
  }
}
