/** What may differ between two runs of the same program, and what stands for it. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^(opening tcp connection to \S+ port) \d+$/, '$1 N'],
  // Byte counts of the wire, and what is computed from them or from the clock.
  [
    /^sent [\d.,KMG]+ bytes {2}received [\d.,KMG]+ bytes {2}[\d.,KMG]+ bytes\/sec$/,
    'sent N bytes  received N bytes  N bytes/sec',
  ],
  [/^(total size is [\d.,KMG]+) {2}speedup is [\d.,KMG]+/, '$1  speedup is N'],
  [/^(Total bytes (?:sent|received)): [\d.,KMG]+$/, '$1: N'],
  [/^(File list (?:generation|transfer) time): [\d.]+ seconds$/, '$1: N seconds'],
  [/^(File list size): [\d.,KMG]+$/, '$1: N'],
  // How often the search met a block's short sum: by the size of its own tables.
  [/hash_hits=\d+ {2}false_alarms=\d+/, 'hash_hits=N  false_alarms=N'],
  [/ *[\d.]+[kMG]B\/s +\d+:\d\d:\d\d/g, ' RATE TIME'],
  // Where an error was noticed in the program's source, and which program it is.
  [/ at [\w.]+(?:\(\d+\))? \[(\w+)=[^\]]*\]/, ' at SOURCE [$1=VERSION]'],
  [/\((\d+) bytes received so far\)/, '(N bytes received so far)'],
  // `--out-format` fields that the cases label.
  [/\b(sent|got)=[\d.,KMG]+/g, '$1=N'],
  [/\bpid=\d+/g, 'pid=N'],
  [/\bnow=\S+ \S+/g, 'now=T'],
  // Temporary names.
  [/\/\.([^/" ]+)\.[A-Za-z0-9]{6}"/g, '/.$1.XXXXXX"'],
];

/** Lines about what is met in the order in which the file system has it. */
const FOUND = /^(?:symlink has no referent: |copying unsafe symlink |\[sender\] cannot convert )/;

/**
 * Lines of the process that decides, or that waits for another one. They come at any time between
 * those of the one that has the data: the order is fixed within each kind only.
 */
const DECISION =
  /^(?:(?:del\. )?\*?deleting |skipping |ignoring |not creating |cannot delete |could not make way |IO error |.* is (?:uptodate|newer|over max-size|under min-size)$|.* exists$|.* => )/;

/**
 * Whether the line is written depends on which process dies first, or on whether a file that stands where a
 * directory should be is asked for its default ACL.
 */
const CHANCE =
  /write error: Broken pipe|read error: Connection reset by peer|^rsync error: received SIGUSR1|^default_perms_for_dir: /;

/**
 * Printed text as lines without what cannot be the same twice; each kind of lines together.
 *
 * @param places paths of this run, and what stands for them
 */
export function normalize(text: string, places: Readonly<Record<string, string>>): string[] {
  if (text === '') return [];
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  const local = Object.entries(places)
    .reduce((result, [path, name]) => result.replaceAll(path, () => name), text)
    .replaceAll(new RegExp(`${today}[ -]\\d\\d:\\d\\d:\\d\\d`, 'g'), 'NOW');
  // A carriage return redraws a line: each version is one.
  const redraws = local.includes('\r');
  const lines = local
    .split(/\r|\n/)
    .filter((line) => !CHANCE.test(line) && !(redraws && line === ''))
    .map((line) => RULES.reduce((result, [pattern, to]) => result.replace(pattern, to), line));
  return [
    ...lines.filter((line) => !DECISION.test(line) && !FOUND.test(line)),
    ...lines.filter((line) => DECISION.test(line)),
    ...lines.filter((line) => FOUND.test(line)).sort(),
  ];
}
