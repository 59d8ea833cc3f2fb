import { fstat, lstat, type TemporaryFile, type WantedAttributes } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Backups } from './backups.ts';
import type { DelayedUpdates } from './delayed-updates.ts';
import type { OutputFile } from './output-file.ts';
import type { PartialFiles } from './partial-files.ts';
import type { Request } from './state.ts';

/** What files are delivered with. */
export interface DeliverySetup {
  readonly session: Session;
  readonly attributes: AttributePolicy;
  readonly backups: Backups | undefined;
  readonly partials: PartialFiles | undefined;
  readonly delayed: DelayedUpdates | undefined;
}

/** What became of a file whose sum is wrong. */
export interface Unverified {
  readonly outcome: 'redo' | 'failed';
  /** The temporary file has been given another name. */
  readonly kept: boolean;
}

/** Gives complete files their attributes and their names, and keeps what is left of others (docs/spec/data.md §9). */
export class Delivery {
  readonly #session: Session;
  readonly #attributes: AttributePolicy;
  readonly #backups: Backups | undefined;
  readonly #partials: PartialFiles | undefined;
  readonly #delayed: DelayedUpdates | undefined;

  constructor(setup: DeliverySetup) {
    this.#session = setup.session;
    this.#attributes = setup.attributes;
    this.#backups = setup.backups;
    this.#partials = setup.partials;
    this.#delayed = setup.delayed;
  }

  /** Whether the file is in place now, or waits for `--delay-updates`; what fails is reported. */
  deliver(request: Request, output: OutputFile): boolean {
    const { entry, path } = request;
    if (output.path !== path && !request.redo && this.#delayed === undefined) {
      this.#backups?.beforeReplacing(entry);
    }
    try {
      if (output.temporary === undefined) this.#finishInPlace(request, output);
      else this.#rename(request, output.temporary);
      return true;
    } catch (error) {
      const from = this.#session.showPath(output.path);
      this.#session.systemError('receiver', `rename ${from} -> "${entry.name}"`, error);
      return false;
    }
  }

  /** The sums differ: try once more, then give the file up. */
  unverified(request: Request, output: OutputFile, hasData: boolean): Unverified {
    const { options } = this.#session;
    const { name } = request.entry;
    let kept = false;
    const toPartialDir = this.#partials !== undefined;
    const keeps = options.partial && hasData && (request.redo || toPartialDir);
    if (keeps && output.temporary !== undefined) kept = this.keepPartial(request, output.temporary);
    if (output.temporary === undefined) {
      // What was changed in place has everything but its time, so that it is not taken for finished.
      const wanted = this.#attributes.wanted(request.entry, request.existing, false);
      this.#applyTo(request.entry, output, wanted);
    }
    const isKept = kept || output.temporary === undefined;
    const fate = !isKept ? 'discarded' : toPartialDir ? 'put into partial-dir' : 'retained';
    if (request.redo) {
      this.#session.transferError(`ERROR: ${name} failed verification -- update ${fate}.\n`);
      return { outcome: 'failed', kept };
    }
    if (this.#session.info('name') > 0 || options.itemize > 0) {
      const chance = this.#session.replays ? 'may' : 'will';
      this.#session.warn(
        `WARNING: ${name} failed verification -- update ${fate} (${chance} try again).\n`,
      );
    }
    return { outcome: 'redo', kept };
  }

  /**
   * `--partial`: what has arrived takes the file's name, marked as old. With `--partial-dir` it is put
   * there instead. False when there is nothing, or it cannot be done.
   */
  keepPartial({ entry, path }: Request, temporary: TemporaryFile): boolean {
    if (temporary.stat().size === 0) return false;
    const report = this.#attributes.report(temporary.path, 'receiver');
    try {
      const mode = this.#attributes.modeFor(entry, lstat(path));
      if (this.#partials === undefined) {
        temporary.apply({ mode, mtime: 0, mtimeNs: entry.mtimeNs }, report);
        temporary.commit(path);
      } else {
        temporary.apply({ mode }, report);
        temporary.commit(this.#partials.prepare(entry));
      }
      return true;
    } catch (error) {
      const shown = this.#session.showPath(temporary.path);
      this.#session.systemError('receiver', `rename ${shown} -> "${entry.name}"`, error);
      return false;
    }
  }

  /** The destination itself has been written to, or what was in the partial directory. */
  #finishInPlace(request: Request, output: OutputFile): void {
    const { entry, path, existing } = request;
    const attributes = this.#attributes;
    const isPartial = output.path !== path;
    const wanted = attributes.wanted(entry, existing, true);
    wanted.afterOwner = this.#xattrsOf(request, output.path);
    if (attributes.keepsTimes(entry)) {
      wanted.mtime = entry.mtime;
      wanted.mtimeNs = entry.mtimeNs;
    }
    if (isPartial) wanted.mode = attributes.modeFor(entry, existing);
    this.#applyTo(entry, output, wanted);
    if (this.#delayed !== undefined) this.#delayed.add(request);
    else if (isPartial) this.#partials?.moveIntoPlace(entry, path);
  }

  /** Attributes on the temporary file, then its new name. */
  #rename(request: Request, temporary: TemporaryFile): void {
    const { entry, path, existing } = request;
    const attributes = this.#attributes;
    const report = attributes.report(temporary.path, 'receiver');
    const wanted = attributes.wanted(entry, undefined, true);
    wanted.mode = attributes.modeFor(entry, existing);
    wanted.afterOwner = this.#xattrsOf(request, temporary.path);
    temporary.apply(this.#adapted(entry, wanted, temporary), report);
    if (this.#delayed !== undefined && this.#partials !== undefined) {
      temporary.commit(this.#partials.prepare(entry));
      this.#delayed.add(request);
    } else {
      temporary.commit(path);
      this.#partials?.discard(entry);
    }
  }

  #applyTo(entry: FileEntry, output: OutputFile, wanted: WantedAttributes): void {
    const real = fstat(output.fd);
    const current = this.#session.fake?.see(output.fd, real) ?? real;
    this.#attributes.apply(entry, output.path, wanted, current, 'receiver');
  }

  #adapted(entry: FileEntry, wanted: WantedAttributes, temporary: TemporaryFile): WantedAttributes {
    const { acls } = this.#attributes;
    if (acls === undefined && this.#session.fake === undefined) return wanted;
    const current = temporary.stat();
    return this.#attributes.adapt(entry, wanted, current, temporary.path, 'receiver');
  }

  /** Sets the extended attributes, if they are preserved. */
  #xattrsOf({ entry, comparedPath }: Request, shown: string): WantedAttributes['afterOwner'] {
    const { xattrs } = this.#attributes;
    return xattrs && ((target) => xattrs.apply(entry, target, shown, comparedPath));
  }
}
