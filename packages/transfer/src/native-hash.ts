import type { Hash } from 'node:crypto';
import { type HashName, type StrongHash, setNativeHash } from '@deltawire/checksums';

/** What OpenSSL sums faster than our kernels do: docs/performance.md, "Sums of whole files". */
const FASTER: ReadonlySet<HashName> = new Set(['md5', 'sha1']);

let registered = false;

/** Let whole-file sums use node:crypto where that is faster; what is registered later stays. */
export function useNativeHashes(): void {
  if (registered) return;
  registered = true;
  setNativeHash((name) => (isNative(name) ? new NativeHash(name) : undefined));
}

const known: Map<HashName, boolean> = new Map();

/** Whether node:crypto is to sum it, and can: where only approved algorithms are allowed, it cannot. */
function isNative(name: HashName): boolean {
  if (!FASTER.has(name)) return false;
  const answer = known.get(name) ?? canCreate(name);
  known.set(name, answer);
  return answer;
}

/** Loaded when it is first needed: it takes a few milliseconds, and the default sums do without. */
const createHash = (name: HashName): Hash =>
  process.getBuiltinModule('node:crypto').createHash(name);

function canCreate(name: HashName): boolean {
  try {
    createHash(name);
    return true;
  } catch {
    return false;
  }
}

class NativeHash implements StrongHash {
  readonly #name: HashName;
  #hash: Hash | undefined;

  constructor(name: HashName) {
    this.#name = name;
  }

  update(bytes: Uint8Array): void {
    this.#hash ??= createHash(this.#name);
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    this.#hash ??= createHash(this.#name);
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = undefined;
  }
}
