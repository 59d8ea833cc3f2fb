import { readFileSync } from 'node:fs';

/**
 * The arguments of this process as byte strings. Node decodes them as UTF-8 and loses what is
 * none; where that happened, Linux still has the bytes.
 */
export function commandLine(argv: readonly string[] = process.argv.slice(2)): string[] {
  if (argv.some((arg) => arg.includes('\ufffd'))) {
    const raw = rawArguments(argv.length);
    if (raw) return raw;
  }
  return argv.map((arg) => Buffer.from(arg, 'utf8').toString('latin1'));
}

function rawArguments(count: number): string[] | undefined {
  try {
    const parts = readFileSync('/proc/self/cmdline', 'latin1').split('\0');
    parts.pop(); // what follows the last terminator
    // Node's own options and the script come first; ours are the last ones.
    return parts.length > count ? parts.slice(parts.length - count) : undefined;
  } catch {
    return undefined; // no /proc here: the decoded arguments have to do
  }
}
