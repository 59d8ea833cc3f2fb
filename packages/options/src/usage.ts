import { DAEMON_TABLE } from './daemon-table.ts';
import type { OptionRow } from './option-row.ts';
import { OPTION_TABLE } from './table.ts';

/** Width of the column with the option's spellings. */
const COLUMN = 25;

const helpLines = (rows: readonly OptionRow[]): string =>
  rows
    .flatMap((row) => row.help)
    .map(([spelling, text]) => `${spelling.padEnd(COLUMN - 1)} ${text}\n`)
    .join('');

const refusedLines = (rows: readonly OptionRow[]): string =>
  rows.length === 0
    ? ''
    : `Options of rsync that this version recognises and refuses (exit code 4)\n${helpLines(rows)}\n`;

const notYet = (row: OptionRow): boolean => row.status === 'refused';

/** The text of `--help`, laid out as rsync's: options of rsync, then Deltawire's own. */
export function usage(): string {
  const rows = OPTION_TABLE;
  return `Deltawire is a file transfer program capable of efficient remote update
via a fast differencing algorithm. It is used like rsync.

Usage: deltawire [OPTION]... SRC [SRC]... DEST
  or   deltawire [OPTION]... SRC [SRC]... [USER@]HOST:DEST
  or   deltawire [OPTION]... SRC [SRC]... [USER@]HOST::DEST
  or   deltawire [OPTION]... SRC [SRC]... rsync://[USER@]HOST[:PORT]/DEST
  or   deltawire [OPTION]... [USER@]HOST:SRC [DEST]
  or   deltawire [OPTION]... [USER@]HOST::SRC [DEST]
  or   deltawire [OPTION]... rsync://[USER@]HOST[:PORT]/SRC [DEST]
The ':' usages connect via remote shell, while '::' & 'rsync://' usages connect
to an rsync daemon, and require SRC or DEST to start with a module name.

Options
${helpLines(rows.filter((row) => row.status === 'implemented'))}
Options of Deltawire that rsync does not have (never sent to the other side)
${helpLines(rows.filter((row) => row.status === 'own'))}
${refusedLines(rows.filter(notYet))}Use "deltawire --daemon --help" to see the daemon-mode command-line options.
`;
}

/** The text of `--daemon --help`. */
export function daemonUsage(): string {
  return `Usage: deltawire --daemon [OPTION]...
${helpLines(DAEMON_TABLE.filter((row) => row.status === 'implemented'))}
Options of Deltawire that rsync does not have
${helpLines(DAEMON_TABLE.filter((row) => row.status === 'own'))}
If you were not trying to invoke deltawire as a daemon, avoid using any of the
daemon-specific options.
`;
}
