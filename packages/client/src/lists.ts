import { readFileSync } from 'node:fs';
import { errnoCode, fsPath } from '@deltawire/filesystem';
import { type FilterRule, parseDirectives } from '@deltawire/filters';
import type { RsyncOptions } from '@deltawire/options';
import { readCvsIgnore, readNamesFile } from '@deltawire/transfer';

const readWhole = (path: string): Uint8Array => readFileSync(path === '-' ? 0 : fsPath(path));

/** A file of rules; undefined when there is none. `-` is standard input. */
function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readWhole(path);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The filter rules of a command line, with the files they name read. */
export function readFilterRules(
  options: RsyncOptions,
  env: Readonly<Record<string, string | undefined>>,
): FilterRule[] {
  return parseDirectives(options.filters, {
    readFile: readIfThere,
    from0: options.from0,
    deleteExcluded: options.deleteExcluded,
    protocol: options.protocol,
    ...(options.filters.length > 0 ? readCvsIgnore(env) : {}),
  });
}

/** The bytes of a `--files-from` list; `-` is standard input. Throws with exit code 1. */
export function readFilesFrom(path: string): Uint8Array {
  return path === '-' ? readFileSync(0) : readNamesFile(path);
}
