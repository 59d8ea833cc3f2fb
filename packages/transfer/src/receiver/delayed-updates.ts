import type { FileEntry } from '@deltawire/protocol';
import { Breather } from '../breather.ts';
import type { Session } from '../session.ts';
import type { Backups } from './backups.ts';
import type { PartialFiles } from './partial-files.ts';
import type { Request } from './state.ts';

/** What delayed files are put into place with. */
export interface DelayedUpdatesSetup {
  readonly session: Session;
  readonly partials: PartialFiles;
  readonly backups: Backups | undefined;
}

/**
 * `--delay-updates`: finished files wait in the partial directories until everything has arrived, and
 * then take their names in list order (docs/spec/data.md §9.9).
 */
export class DelayedUpdates {
  readonly #setup: DelayedUpdatesSetup;
  readonly #waiting: Map<number, Request> = new Map();
  readonly #breather: Breather = new Breather();

  constructor(setup: DelayedUpdatesSetup) {
    this.#setup = setup;
  }

  /** A file is complete, and waits. */
  add(request: Request): void {
    this.#waiting.set(request.ndx, request);
  }

  /** Put all of them into place; `settle` hears how each went. */
  async finish(settle: (request: Request, done: boolean) => Promise<void>): Promise<void> {
    const waiting = [...this.#waiting.values()].sort((a, b) => a.ndx - b.ndx);
    this.#waiting.clear();
    for (const request of waiting) {
      await settle(request, this.#place(request.entry, request.path));
      if (this.#breather.due) await this.#breather.pause();
    }
  }

  #place(entry: FileEntry, path: string): boolean {
    const { session, partials, backups } = this.#setup;
    backups?.beforeReplacing(entry);
    try {
      partials.moveIntoPlace(entry, path);
      return true;
    } catch (error) {
      const from = session.showPath(partials.pathOf(entry));
      session.systemError(
        'receiver',
        `rename failed for ${session.showPath(path)} (from ${from})`,
        error,
      );
      return false;
    }
  }
}
