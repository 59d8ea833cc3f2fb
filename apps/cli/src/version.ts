/** Deltawire's own version, the same as in package.json (a test holds them together). */
export const VERSION = '0.0.0';

/** The rsync that this program behaves like; programs that probe for rsync look for this. */
const RSYNC_VERSION = '3.5.0';
const PROTOCOL = 32;
const URL = 'https://www.npmjs.com/package/deltawire';

/** Capability in rsync's words: its key in JSON, how it reads as text, what it is here. */
type Capability = readonly [key: string, text: string, value: boolean | number | string];

const CAPABILITIES: readonly Capability[] = [
  ['file_bits', 'bit files', 64],
  ['inum_bits', 'bit inums', 64],
  ['timestamp_bits', 'bit timestamps', 64],
  ['long_int_bits', 'bit long ints', 64],
  ['socketpairs', 'socketpairs', false],
  ['symlinks', 'symlinks', true],
  ['symtimes', 'symtimes', true],
  ['hardlinks', 'hardlinks', true],
  ['hardlink_specials', 'hardlink-specials', true],
  ['hardlink_symlinks', 'hardlink-symlinks', true],
  ['IPv6', 'IPv6', true],
  ['atimes', 'atimes', true],
  ['batchfiles', 'batchfiles', false],
  ['inplace', 'inplace', true],
  ['append', 'append', false],
  ['ACLs', 'ACLs', false],
  ['ACL_at', 'ACL-at', false],
  ['xattrs', 'xattrs', false],
  ['secluded_args', 'secluded-args', 'optional'],
  ['iconv', 'iconv', false],
  ['prealloc', 'prealloc', false],
  ['stop_at', 'stop-at', true],
  ['crtimes', 'crtimes', false],
];

const OPTIMIZATIONS: readonly Capability[] = [
  ['SIMD_roll', 'SIMD-roll', true],
  ['asm_roll', 'asm-roll', false],
  ['openssl_crypto', 'openssl-crypto', false],
  ['asm_MD5', 'asm-MD5', false],
];

const CHECKSUMS = ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1', 'none'];
const COMPRESSORS = ['none'];
const AUTH_DIGESTS = ['sha512', 'sha256', 'sha1', 'md5', 'md4'];

const WIDTH = 75;

/** Put items on lines of at most {@link WIDTH} columns. */
function flow(items: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    if (line !== '' && line.length + item.length + 1 > WIDTH - 4) {
      lines.push(line);
      line = '';
    }
    line += (line === '' ? '' : ' ') + item;
  }
  lines.push(line);
  return lines.map((one) => `    ${one}\n`).join('');
}

const commas = (items: readonly string[]): string[] =>
  items.map((item, i) => (i < items.length - 1 ? `${item},` : item));

function capabilityWords(capabilities: readonly Capability[]): string[] {
  return capabilities.map(([, text, value]) => {
    if (typeof value === 'number') return `${value}-${text}`;
    return typeof value === 'string' ? `${value} ${text}` : value ? text : `no ${text}`;
  });
}

/** The text of `--version`; its first line is rsync's, for programs that look for it. */
export function versionText(): string {
  const names = CHECKSUMS.flatMap((name) => (name === 'xxh64' ? [name, '(xxhash)'] : [name]));
  return (
    `rsync  version ${RSYNC_VERSION}  protocol version ${PROTOCOL}\n` +
    `Spoken by Deltawire ${VERSION}: wire-compatible with rsync, not affiliated with it.\n` +
    `Web site: ${URL}\n` +
    `Capabilities:\n${flow(commas(capabilityWords(CAPABILITIES)))}` +
    `Optimizations:\n${flow(commas(capabilityWords(OPTIMIZATIONS)))}` +
    `Checksum list:\n${flow(names)}` +
    `Compress list:\n${flow(COMPRESSORS)}` +
    `Daemon auth list:\n${flow(AUTH_DIGESTS)}` +
    '\nDeltawire comes with ABSOLUTELY NO WARRANTY. It is free software under the MIT licence.\n'
  );
}

function jsonObject(capabilities: readonly Capability[]): string {
  const members = capabilities.map(([key, , value]) => `"${key}": ${JSON.stringify(value)}`);
  return `{\n${flow(commas(members))}  }`;
}

const jsonList = (items: readonly string[]): string =>
  `[\n${flow(commas(items.map((item) => JSON.stringify(item))))}  ]`;

/** The text of `-VV`: rsync's JSON with what this program can do. */
export function versionJson(): string {
  const members: readonly (readonly [string, string])[] = [
    ['program', '"rsync"'],
    ['version', JSON.stringify(RSYNC_VERSION)],
    ['protocol', `"${PROTOCOL}.0"`],
    ['implementation', JSON.stringify(`Deltawire ${VERSION}`)],
    ['copyright', '"(C) 2026 the Deltawire authors"'],
    ['url', JSON.stringify(URL)],
    ['capabilities', jsonObject(CAPABILITIES)],
    ['optimizations', jsonObject(OPTIMIZATIONS)],
    ['checksum_list', jsonList(CHECKSUMS)],
    ['compress_list', jsonList(COMPRESSORS)],
    ['daemon_auth_list', jsonList(AUTH_DIGESTS)],
    ['license', '"MIT"'],
    ['caveat', '"Deltawire comes with ABSOLUTELY NO WARRANTY"'],
  ];
  return `{\n${members.map(([key, value]) => `  "${key}": ${value}`).join(',\n')}\n}\n`;
}
