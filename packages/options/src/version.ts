/** What one build can do: a number of bits, yes or no, or a word such as `optional`. */
export type Capability = number | boolean | string;

/** What `--version` and `-VV` report. The caller fills in what is true of its build. */
export interface VersionInfo {
  /** Version of Deltawire, such as `1.2.0`. */
  readonly deltawire: string;
  /** Newest protocol. */
  readonly protocol: number;
  readonly copyright: string;
  readonly url: string;
  /** By rsync's JSON key, in rsync's order: `file_bits`, `socketpairs`, `hardlink_specials` … */
  readonly capabilities: Readonly<Record<string, Capability>>;
  readonly optimizations: Readonly<Record<string, Capability>>;
  readonly checksums: readonly string[];
  readonly compressors: readonly string[];
  readonly daemonAuth: readonly string[];
  readonly license: string;
  readonly caveat: string;
}

/** The version of rsync whose behaviour this one follows; probing programs look for it. */
export const RSYNC_VERSION = '3.5.0';

/** Lines are wrapped so that they stay shorter than this. */
const WIDTH = 78;

/** Old names that are understood too, shown in parentheses. */
const ALIASES: Readonly<Record<string, string>> = { xxh64: 'xxhash' };

/** Join items with commas into indented lines. */
function wrap(items: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  items.forEach((item, index) => {
    const text = index < items.length - 1 ? `${item},` : item;
    if (line === '') line = `    ${text}`;
    else if (line.length + 1 + text.length < WIDTH) line += ` ${text}`;
    else {
      lines.push(line);
      line = `    ${text}`;
    }
  });
  return [...lines, line].map((l) => `${l}\n`).join('');
}

/** One capability in words: `64-bit long ints`, `symlinks`, `no iconv`, `optional secluded-args`. */
function inWords([key, value]: readonly [string, Capability]): string {
  if (typeof value === 'number') {
    return `${value}-bit ${key.replace(/_bits$/, '').replaceAll('_', ' ')}s`;
  }
  const name = key.replaceAll('_', '-');
  if (typeof value === 'string') return `${value} ${name}`;
  return value ? name : `no ${name}`;
}

/** The text of `--version`; its first line is rsync's, which probing programs read. */
export function versionText(info: VersionInfo): string {
  const names = (list: readonly string[]): string =>
    list
      .map((name) => (ALIASES[name] === undefined ? name : `${name} (${ALIASES[name]})`))
      .join(' ');
  return `rsync  version ${RSYNC_VERSION}  protocol version ${info.protocol}
deltawire ${info.deltawire} - wire-compatible with rsync, not affiliated
Copyright ${info.copyright}
Web site: ${info.url}
Capabilities:
${wrap(Object.entries(info.capabilities).map(inWords))}Optimizations:
${wrap(Object.entries(info.optimizations).map(inWords))}Checksum list:
    ${names(info.checksums)}
Compress list:
    ${names(info.compressors)}
Daemon auth list:
    ${names(info.daemonAuth)}

${info.caveat}. Licence: ${info.license}.
`;
}

/** The text of `-VV`: the same as JSON, with rsync's keys and layout. */
export function versionJson(info: VersionInfo): string {
  const string = (key: string, value: string): string => `  "${key}": ${JSON.stringify(value)}`;
  const object = (key: string, values: Readonly<Record<string, Capability>>): string => {
    const items = Object.entries(values).map(([k, v]) => `"${k}": ${JSON.stringify(v)}`);
    return `  "${key}": {\n${wrap(items)}  }`;
  };
  const array = (key: string, values: readonly string[]): string =>
    `  "${key}": [\n${wrap(values.map((v) => JSON.stringify(v)))}  ]`;
  const fields = [
    string('program', 'rsync'),
    string('version', RSYNC_VERSION),
    string('protocol', `${info.protocol}.0`),
    string('implementation', `deltawire ${info.deltawire}`),
    string('copyright', info.copyright),
    string('url', info.url),
    object('capabilities', info.capabilities),
    object('optimizations', info.optimizations),
    array('checksum_list', info.checksums),
    array('compress_list', info.compressors),
    array('daemon_auth_list', info.daemonAuth),
    string('license', info.license),
    string('caveat', info.caveat),
  ];
  return `{\n${fields.join(',\n')}\n}\n`;
}
