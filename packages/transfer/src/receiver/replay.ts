import type { ItemHeader } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import type { ReceivingState, Request } from './state.ts';

/**
 * What a receiver of a batch does differently (docs/spec/data.md §11): nobody answers the
 * generator's requests, so it waits until the generator has come to where the recorded sender was, and
 * compares what is wanted with what is there.
 */
export class Replay {
  readonly #session: Session;
  readonly #state: ReceivingState;

  constructor(session: Session, state: ReceivingState) {
    this.#session = session;
    this.#state = state;
  }

  /** Wait until the generator has looked at an item: it has been asked for by then, or is not wanted. */
  async reach(ndx: number): Promise<void> {
    const state = this.#state;
    const place = this.#placeOf(ndx);
    while (state.position <= place || state.answers.length > 0) await state.bell.wait();
  }

  /** The batch has come to `ndx`: files before it that are still wanted are not in it. */
  giveUpBefore(ndx: number): void {
    const place = this.#placeOf(ndx);
    this.#giveUp((request) => !request.redo && this.#placeOf(request.ndx) < place);
  }

  /** Where the generator comes to it: with `--iconv` that is not the order of indexes. */
  #placeOf(ndx: number): number {
    const found = this.#state.store.byNdx(ndx);
    return found === undefined ? ndx : found.list.start + found.position;
  }

  /** The basis is what the recorded sender was told of. */
  asRecorded(request: Request, { basisType, xname }: ItemHeader): Request {
    return { ...request, basisType, xname };
  }

  /** A DONE was read: wait for the one of the generator that it answered, and end what it ends. */
  async awaitDone(phase: number): Promise<void> {
    const state = this.#state;
    const incremental = this.#session.agreement.dialect.incRecurse;
    for (;;) {
      const oldest = state.lists[0];
      if (oldest?.considered === true && state.answers.length === 0) {
        this.#giveUp(({ redo, state: list }) =>
          incremental ? list === oldest : phase > 0 || !redo,
        );
      }
      const answered = state.answers.length === 0 && state.donesRead < state.donesWritten;
      if (answered) return;
      await state.bell.wait();
    }
  }

  /** What the batch does not have is not updated. */
  #giveUp(isOver: (request: Request) => boolean): void {
    const state = this.#state;
    for (const request of state.requests.values()) {
      if (!isOver(request)) continue;
      const what = request.redo ? 'resend of ' : '';
      this.#session.transferError(`(No batched update for ${what}"${request.entry.name}")\n`);
      state.requests.delete(request.ndx);
      state.answers.push({ request, outcome: 'failed' });
    }
    if (state.answers.length > 0) state.bell.ring();
  }
}
