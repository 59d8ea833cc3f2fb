import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { fsPath } from '@deltawire/filesystem';
import type { ReleaseSlot } from './serve-context.ts';

/** Bytes that a place has in a lock file: the number of the process that holds it, or 0. */
const SLOT_BYTES = 4;
/** More connections than any machine serves. */
const MAX_SLOTS = 65_536;

/**
 * Counts the connections of modules; those with the same lock file share their places. rsync marks
 * places by locks on four bytes of the file, which Node cannot set: here the holder's process number is
 * in them, so that daemons of this kind count together, also when each serves one connection (`inetd`).
 */
export class ConnectionSlots {
  readonly #held: Map<string, Set<number>> = new Map();

  /**
   * Take one of `max` places; undefined when all are taken. A negative `max` has none. A file that
   * cannot be opened counts nothing but the places of this process.
   */
  claim(lockFile: string, max: number): ReleaseSlot | undefined {
    const held = this.#held.get(lockFile) ?? new Set();
    this.#held.set(lockFile, held);
    const fd = tryOpen(lockFile);
    try {
      for (let slot = 0; slot < Math.min(max, MAX_SLOTS); slot++) {
        if (held.has(slot) || isTaken(fd, slot)) continue;
        mark(fd, slot, process.pid);
        held.add(slot);
        return () => {
          if (held.delete(slot)) unmark(lockFile, slot);
        };
      }
      return undefined;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }
}

/** Make sure that the file is there, as its users expect. Throws the system's error. */
export function createLockFile(path: string): void {
  closeSync(open(path));
}

const open = (path: string): number =>
  openSync(fsPath(path), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);

function tryOpen(path: string): number | undefined {
  try {
    return open(path);
  } catch {
    return undefined;
  }
}

/** By another process that lives; this one knows its own. */
function isTaken(fd: number | undefined, slot: number): boolean {
  if (fd === undefined) return false;
  const bytes = Buffer.alloc(SLOT_BYTES);
  if (readSync(fd, bytes, 0, SLOT_BYTES, slot * SLOT_BYTES) < SLOT_BYTES) return false;
  const holder = bytes.readInt32LE();
  return holder > 0 && holder !== process.pid && isAlive(holder);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function mark(fd: number | undefined, slot: number, holder: number): void {
  if (fd === undefined) return;
  const bytes = Buffer.alloc(SLOT_BYTES);
  bytes.writeInt32LE(holder);
  writeSync(fd, bytes, 0, SLOT_BYTES, slot * SLOT_BYTES);
}

function unmark(lockFile: string, slot: number): void {
  const fd = tryOpen(lockFile);
  if (fd === undefined) return;
  try {
    mark(fd, slot, 0);
  } finally {
    closeSync(fd);
  }
}
