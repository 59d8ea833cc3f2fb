import { OPTION_TABLE } from '@deltawire/options';

/** Failures that have a way out, by the text that rsync has for them. */
const HINTS: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/^rsync: --(\S+): unknown option/, ([, name = '']) => `${suggestion(name)}${SEE_HELP}`],
  [/^rsync: -\S: unknown option/, () => SEE_HELP],
  [
    /is not supported by this version of deltawire yet/,
    () => 'Leave it out, or use rsync for this transfer: everything else is the same.',
  ],
  [
    /mkdir ".*" failed: No such file or directory/,
    () => 'With --mkpath all directories of the destination are made.',
  ],
  [
    /(?:link_stat|change_dir) "(.*)" failed: No such file/,
    () =>
      'Is the path of the source spelled right? Without a slash in front it begins where you are.',
  ],
  [
    /^ERROR: module is read only/,
    () => 'The configuration of the daemon needs "read only = no" for this module.',
  ],
  [
    /failed to connect to (\S+) .*Connection refused/,
    ([, host = '']) =>
      `No daemon listens there on this port (--port=PORT for another). ${host}:PATH, with one colon, goes through ssh.`,
  ],
  [/getaddrinfo: /, () => 'Is the name of the host spelled right, and the network there?'],
  [
    /^@ERROR: auth failed/,
    () =>
      'Name and password have to be right: USER@HOST, and --password-file or RSYNC_PASSWORD. The log of the daemon says which was not.',
  ],
  [
    /^@ERROR: Unknown module/,
    () => 'HOST:: or rsync://HOST/ without a module lists those that there are.',
  ],
  [
    /bind\(\) failed .*Address already in use/,
    () => 'Another program listens there: end it, or choose another port with --port=PORT.',
  ],
  [
    /bind\(\) failed .*Permission denied/,
    () => 'Ports below 1024 are for root: choose another with --port=PORT, such as 8730.',
  ],
];

const SEE_HELP = 'deltawire --help lists every option.';

/**
 * What to do about a failure, in one line; empty when its text says it all. For people at a
 * terminal: everything else gets rsync's words and no more.
 */
export function hintFor(text: string): string {
  for (const line of text.split('\n')) {
    for (const [pattern, hint] of HINTS) {
      const match = pattern.exec(line);
      if (match) return hint(match);
    }
  }
  return '';
}

/** Farther away a name is not what somebody meant. */
const MAX_EDITS = 2;

/** The option whose name is the nearest. */
function suggestion(name: string): string {
  const [wanted = ''] = name.split('=');
  let nearest = '';
  let least = Math.min(MAX_EDITS, Math.floor(wanted.length / 2)) + 1;
  for (const row of OPTION_TABLE) {
    for (const candidate of [row.name, ...row.aliases, ...row.negations]) {
      const distance = candidate === '' ? Number.POSITIVE_INFINITY : edits(wanted, candidate);
      if (distance < least) [nearest, least] = [candidate, distance];
    }
  }
  return nearest === '' ? '' : `Did you mean --${nearest}? `;
}

/** How many letters have to be put in, taken out or replaced to make `b` of `a`. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
