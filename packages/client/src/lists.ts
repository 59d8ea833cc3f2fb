import { readFileSync } from 'node:fs';
import { errnoText, fsPath } from '@deltawire/filesystem';
import { type FilterRule, parseDirectives } from '@deltawire/filters';
import type { RsyncOptions } from '@deltawire/options';
import { readCvsIgnore, readNamesFile } from '@deltawire/transfer';

/** Throws the system's error for a path that must not be used. */
export type CheckFile = (path: string) => void;

/** A file of rules, or why it cannot be read. `-` is standard input. */
function readRules(path: string, check: CheckFile): Uint8Array | { readonly reason: string } {
  try {
    if (path === '-') return readFileSync(0);
    check(path);
    return readFileSync(fsPath(path));
  } catch (error) {
    return { reason: errnoText(error) };
  }
}

/** The filter rules of a command line, with the files they name read. */
export function readFilterRules(
  options: RsyncOptions,
  env: Readonly<Record<string, string | undefined>>,
  check: CheckFile,
): FilterRule[] {
  return parseDirectives(options.filters, {
    readFile: (path) => readRules(path, check),
    from0: options.from0,
    deleteExcluded: options.deleteExcluded,
    protocol: options.protocol,
    ...(options.filters.length > 0 ? readCvsIgnore(env) : {}),
  });
}

/** The bytes of a `--files-from` list; `-` is standard input. Throws with exit code 1. */
export function readFilesFrom(path: string, check: CheckFile): Uint8Array {
  return path === '-' ? readFileSync(0) : readNamesFile(path, check);
}
