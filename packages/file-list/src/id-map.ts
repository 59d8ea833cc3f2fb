import { wildmatch } from '@deltawire/filters';
import { type IdList, RsyncError } from '@deltawire/protocol';

/** One `FROM:TO` of `--usermap` or `--groupmap` (docs/spec/data.md §10.1). */
export interface IdRule {
  readonly from:
    | { readonly kind: 'range'; readonly low: number; readonly high: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'pattern'; readonly pattern: string }
    /** Ids that came without a name. */
    | { readonly kind: 'nameless' };
  /** Local id. */
  readonly to: number;
}

/** Finds the local id of a name: `userId` or `groupId` of `@deltawire/filesystem`. */
export type IdLookup = (name: string) => number | undefined;

const MAX_ID = 0xffff_ffff;

/**
 * Parse the argument of `--usermap` or `--groupmap`. Rules whose TO is unknown here are dropped with a
 * warning; mistakes throw RsyncError (exit 1).
 */
export function parseIdMap(
  text: string,
  option: 'usermap' | 'groupmap',
  lookup: IdLookup,
): { rules: IdRule[]; warnings: string[] } {
  const rules: IdRule[] = [];
  const warnings: string[] = [];
  if (text === '') return { rules, warnings };
  // Last to first, as rsync does: which mistake is reported depends on it.
  for (const item of text.split(',').reverse()) {
    const colon = item.indexOf(':');
    if (colon < 0) throw syntaxError(`No colon found in --${option}: ${item}`);
    const target = item.slice(colon + 1);
    if (target === '') throw syntaxError(`No name found after colon --${option}: ${item}`);
    const from = parseFrom(item.slice(0, colon), option);
    const to = /^\d+$/.test(target) ? parseId(target) : lookup(target);
    if (to === undefined) warnings.push(`Unknown --${option} name on receiver: ${target}`);
    else rules.push({ from, to });
  }
  return { rules: rules.reverse(), warnings };
}

function parseFrom(text: string, option: string): IdRule['from'] {
  if (text === '') return { kind: 'nameless' };
  if (/^\d/.test(text)) {
    const [, low = '', high = low] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
    if (low === '') throw syntaxError(`Invalid number in --${option}: ${text}`);
    return { kind: 'range', low: parseId(low), high: parseId(high) };
  }
  return /[*?[]/.test(text) ? { kind: 'pattern', pattern: text } : { kind: 'name', name: text };
}

function parseId(digits: string): number {
  const id = Number(digits);
  if (id > MAX_ID) throw syntaxError(`Invalid ID number: ${digits}`);
  return id;
}

function syntaxError(message: string): RsyncError {
  return new RsyncError(message, { code: 'SYNTAX', exitCode: 1 });
}

/** What a mapper goes by. */
export interface IdMapperOptions {
  readonly rules?: readonly IdRule[];
  /** Local ids by name. */
  readonly lookup?: IdLookup;
  /** `--numeric-ids`: names play no part, every id counts as nameless. @default false */
  readonly numericIds?: boolean;
}

/**
 * The receiving side's translation of the sender's user or group ids, one for each kind. Every id is
 * decided once (docs/spec/data.md §10.1).
 */
export class IdMapper {
  readonly #options: IdMapperOptions;
  readonly #names: Map<number, string> = new Map();
  readonly #mapped: Map<number, number> = new Map();

  constructor(options: IdMapperOptions = {}) {
    this.#options = options;
  }

  /** The names that came as a list behind the file list; empty names do not count. */
  addNames(list: IdList): void {
    for (const { id, name } of list.entries) this.#addName(id, name);
    // Peers that cannot tell the name of id 0 mean root.
    this.#addName(0, list.id0Name ?? 'root');
  }

  /** The local id; `name` is the one that came inside the entry, if any. */
  map(id: number, name?: string): number {
    if (name !== undefined) this.#addName(id, name);
    let local = this.#mapped.get(id);
    if (local === undefined) {
      local = this.#decide(id, this.#names.get(id) ?? '');
      this.#mapped.set(id, local);
    }
    return local;
  }

  #addName(id: number, name: string): void {
    if (name === '' || this.#options.numericIds || this.#names.get(id) === name) return;
    this.#names.set(id, name);
    this.#mapped.delete(id);
  }

  #decide(id: number, name: string): number {
    const rule = this.#options.rules?.find(({ from }) => matches(from, id, name));
    if (rule) return rule.to;
    // Root stays root whatever it is called there.
    const byName = id !== 0 && name !== '' ? this.#options.lookup?.(name) : undefined;
    return byName ?? id;
  }
}

function matches(from: IdRule['from'], id: number, name: string): boolean {
  switch (from.kind) {
    case 'range':
      return id >= from.low && id <= from.high;
    case 'name':
      return name === from.name;
    case 'pattern':
      return wildmatch(from.pattern, name);
    case 'nameless':
      return name === '';
  }
}
