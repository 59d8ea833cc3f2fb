/** How the text of a parameter is understood (docs/spec/session.md §11.1). */
export type ParameterType = 'string' | 'path' | 'int' | 'bool' | 'bool3';

/** One parameter of `rsyncd.conf`. */
export interface Parameter {
  /** As documented, in lower case with single spaces. */
  readonly name: string;
  readonly type: ParameterType;
  readonly scope: 'global' | 'module';
  /** Whether this daemon does what the parameter asks for; others are refused by name. */
  readonly honoured: boolean;
}

type Row = readonly [name: string, type: ParameterType, honoured?: 'refused'];

const GLOBAL: readonly Row[] = [
  ['address', 'string'],
  ['port', 'int'],
  ['motd file', 'string'],
  ['pid file', 'string'],
  ['listen backlog', 'int'],
  ['socket options', 'string'],
  ['daemon chroot', 'string', 'refused'],
  ['daemon uid', 'string'],
  ['daemon gid', 'string'],
  ['proxy protocol', 'bool'],
  ['proxy protocol hosts', 'string'],
];

const MODULE: readonly Row[] = [
  ['path', 'path'],
  ['comment', 'string'],
  ['list', 'bool'],
  ['use chroot', 'bool3'],
  ['uid', 'string'],
  ['gid', 'string'],
  ['read only', 'bool'],
  ['write only', 'bool'],
  ['auth users', 'string'],
  ['secrets file', 'string'],
  ['strict modes', 'bool'],
  ['auth digest', 'string'],
  ['hosts allow', 'string'],
  ['hosts deny', 'string'],
  ['reverse lookup', 'bool'],
  ['forward lookup', 'bool'],
  ['max connections', 'int'],
  ['lock file', 'string'],
  ['timeout', 'int'],
  ['refuse options', 'string'],
  ['filter', 'string'],
  ['include from', 'string'],
  ['include', 'string'],
  ['exclude from', 'string'],
  ['exclude', 'string'],
  ['incoming chmod', 'string'],
  ['outgoing chmod', 'string'],
  ['munge symlinks', 'bool3'],
  ['insecure links', 'bool'],
  ['numeric ids', 'bool3'],
  ['name converter', 'string'],
  ['charset', 'string'],
  ['fake super', 'bool'],
  ['ignore errors', 'bool'],
  ['ignore nonreadable', 'bool'],
  ['open noatime', 'bool3'],
  ['dont compress', 'string'],
  ['temp dir', 'path'],
  ['log file', 'string'],
  ['syslog facility', 'string'],
  ['syslog tag', 'string'],
  ['transfer logging', 'bool'],
  ['log format', 'string'],
  ['max verbosity', 'int'],
  ['early exec', 'string'],
  ['pre-xfer exec', 'string'],
  ['post-xfer exec', 'string'],
];

const ALIASES: Readonly<Record<string, string>> = {
  bindaddress: 'address',
  rsyncport: 'port',
};

/** Parameter names ignore case and all whitespace. */
export const parameterKey = (name: string): string => name.toLowerCase().replaceAll(/\s+/g, '');

/** Every parameter of `rsyncd.conf`. */
export const PARAMETERS: readonly Parameter[] = [
  ...GLOBAL.map((row) => entry(row, 'global')),
  ...MODULE.map((row) => entry(row, 'module')),
];

const TABLE: ReadonlyMap<string, Parameter> = new Map(
  PARAMETERS.map((parameter) => [parameterKey(parameter.name), parameter]),
);

function entry([name, type, refused]: Row, scope: Parameter['scope']): Parameter {
  return { name, type, scope, honoured: refused === undefined };
}

/** The parameter of that name; undefined when rsync knows none. */
export function findParameter(name: string): Parameter | undefined {
  const key = parameterKey(name);
  return TABLE.get(parameterKey(ALIASES[key] ?? key));
}
