import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoCode, errnoText } from '@deltawire/filesystem';
import { type FilterRule, parseDirectives } from '@deltawire/filters';
import type { RsyncOptions } from '@deltawire/options';
import { bytesToText, ExitCode, RsyncError, textToBytes } from '@deltawire/protocol';

/** What Node's file functions take for a byte string. */
const filePath = (path: string): string | Buffer => {
  const text = bytesToText(path);
  return textToBytes(text) === path ? text : Buffer.from(path, 'latin1');
};

const readWhole = (path: string): Uint8Array => readFileSync(path === '-' ? 0 : filePath(path));

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
    ...cvsIgnore(options, env),
  });
}

function cvsIgnore(
  options: RsyncOptions,
  env: Readonly<Record<string, string | undefined>>,
): { cvsIgnore?: string; homeCvsIgnore?: string } {
  if (!options.cvsExclude) return {};
  const home = env.HOME ? readIfThere(textToBytes(join(env.HOME, '.cvsignore'))) : undefined;
  return {
    ...(env.CVSIGNORE === undefined ? {} : { cvsIgnore: textToBytes(env.CVSIGNORE) }),
    ...(home === undefined ? {} : { homeCvsIgnore: Buffer.from(home).toString('latin1') }),
  };
}

/** The bytes of a `--files-from` list; `-` is standard input. Throws with exit code 1. */
export function readFilesFrom(path: string): Uint8Array {
  try {
    return readWhole(path);
  } catch (cause) {
    const reason = errnoText(cause).replace(/ \(\d+\)$/, '');
    throw new RsyncError(`failed to open files-from file ${bytesToText(path)}: ${reason}`, {
      code: 'FILES_FROM',
      exitCode: ExitCode.SYNTAX,
      cause,
    });
  }
}
