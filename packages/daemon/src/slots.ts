import type { ReleaseSlot } from './serve-context.ts';

/** Counts the connections of each module. */
export class ConnectionSlots {
  readonly #taken: Map<string, number> = new Map();

  /**
   * Take one of a module's places; undefined when `max` are taken. A negative `max` disables the
   * module.
   */
  claim(module: string, max: number): ReleaseSlot | undefined {
    const taken = this.#taken.get(module) ?? 0;
    if (taken >= max) return undefined;
    this.#taken.set(module, taken + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken.set(module, (this.#taken.get(module) ?? 1) - 1);
    };
  }
}
