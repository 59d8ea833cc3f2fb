/**
 * Which names of users or groups the sender still has to tell (docs/spec/data.md §3.4, §3.11). One for
 * users, one for groups.
 */
export class IdNames {
  readonly #lookup: (id: number) => string | undefined;
  readonly #seen = new Map<number, string | undefined>();

  /** `lookup` is `userName` or `groupName` of `@deltawire/filesystem`. */
  constructor(lookup: (id: number) => string | undefined) {
    this.#lookup = lookup;
  }

  /** The name of an id the first time it is asked for; undefined later, or when it has none. */
  firstSight(id: number): string | undefined {
    if (this.#seen.has(id)) return undefined;
    const name = this.#lookup(id);
    // The length of a name is one byte on the wire.
    const told = name !== undefined && name.length <= 255 ? name : undefined;
    this.#seen.set(id, told);
    return told;
  }

  /** The names of all ids seen but 0, latest first: the list that follows a file list. */
  list(): { id: number; name: string }[] {
    const list: { id: number; name: string }[] = [];
    for (const [id, name] of this.#seen) {
      if (id !== 0 && name !== undefined) list.push({ id, name });
    }
    return list.reverse();
  }

  /** The name of id 0, which ends the list where the dialect has a place for it. */
  get nameOfZero(): string {
    return this.#lookup(0) ?? '';
  }
}
