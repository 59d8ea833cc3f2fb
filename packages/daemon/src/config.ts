import { readFileSync } from 'node:fs';
import { errnoText, isRoot } from '@deltawire/filesystem';
import { RsyncError, textToBytes } from '@deltawire/protocol';
import { ConfigError, parseConfigText, type RawConfig, type RawValues } from './config-file.ts';
import type { DaemonConfig } from './embedded-config.ts';
import { type Environment, expandVariables } from './expand.ts';
import { findParameter, parameterKey } from './parameters.ts';
import type { DaemonSettings, GlobalSettings, ModuleSettings } from './settings.ts';

/** rsync's own `log format`. */
const LOG_FORMAT = '%o %h [%a] %m (%u) %f %l';

/** Typed access to the texts of a section. Bad values are noted and leave the default. */
class Values {
  readonly #values: RawValues;
  readonly #env: Environment;
  readonly #warnings: string[];

  constructor(values: RawValues, env: Environment, warnings: string[]) {
    this.#values = values;
    this.#env = env;
    this.#warnings = warnings;
  }

  has(name: string): boolean {
    return this.#values.has(parameterKey(name));
  }

  /** Without its variables replaced, for those who know more of them. */
  raw(name: string): string {
    return this.#values.get(parameterKey(name)) ?? '';
  }

  string(name: string, fallback = ''): string {
    const value = this.#values.get(parameterKey(name));
    return value === undefined ? fallback : expandVariables(value, this.#env);
  }

  path(name: string): string {
    const value = this.string(name);
    return /^\/+$/.test(value) ? '/' : value.replace(/\/+$/, '');
  }

  /** As C's `atoi`: garbage is 0. */
  int(name: string, fallback: number): number {
    const value = this.string(name, `${fallback}`);
    return Number.parseInt(value, 10) || 0;
  }

  bool3(name: string): boolean | undefined {
    const value = this.string(name, 'unset').toLowerCase();
    if (value === 'unset' || value === '-1') return undefined;
    if (['yes', 'true', '1'].includes(value)) return true;
    if (['no', 'false', '0'].includes(value)) return false;
    this.#warnings.push(`badly formed boolean "${value}" for "${name}"`);
    return undefined;
  }

  bool(name: string, fallback: boolean): boolean {
    return this.bool3(name) ?? fallback;
  }

  /** Values that ask for something this daemon does not do. */
  refused(): string[] {
    const names: string[] = [];
    for (const [key, value] of this.#values) {
      const parameter = findParameter(key);
      if (!parameter || parameter.honoured) continue;
      const off = value === '' || (parameter.type.startsWith('bool') && this.bool3(key) !== true);
      if (!off) names.push(parameter.name);
    }
    return names;
  }
}

/**
 * Give texts their types and defaults. Throws `RsyncError` (exit code 4) naming a parameter that
 * rsync knows and this daemon does not honour yet.
 */
export function resolveConfig(raw: RawConfig, env: Environment): DaemonSettings {
  const warnings = [...raw.warnings];
  const global = new Values(raw.global, env, warnings);
  const modules = raw.modules.map(({ name, values }) => ({
    name,
    values: new Values(values, { ...env, RSYNC_MODULE_NAME: name }, warnings),
  }));
  refuse(global, '');
  for (const { name, values } of modules) refuse(values, ` (module "${name}")`);
  const settings = {
    global: globalSettings(global),
    modules: modules.map(({ name, values }) => moduleSettings(name, values)),
  };
  return { ...settings, warnings: [...warnings, ...chrootWarnings(settings.modules)] };
}

/** Who wants a chroot shall know that there is none. */
function chrootWarnings(modules: readonly ModuleSettings[]): string[] {
  const names = modules.filter(({ useChroot }) => useChroot === true).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `"use chroot" is not possible here: paths are confined as with "use chroot = no" in ${names.join(', ')}`,
  ];
}

function refuse(values: Values, where: string): void {
  const [name] = values.refused();
  if (name === undefined) return;
  throw new RsyncError(`rsyncd.conf: "${name}"${where} is not honoured yet`, {
    code: 'PARAMETER_NOT_HONOURED',
    exitCode: 4,
  });
}

const globalSettings = (v: Values): GlobalSettings => ({
  address: v.string('address'),
  port: v.has('port') ? v.int('port', 0) : undefined,
  motdFile: v.string('motd file'),
  pidFile: v.string('pid file'),
  logFile: v.string('log file'),
  syslogFacility: v.string('syslog facility', 'daemon'),
  syslogTag: v.string('syslog tag', 'rsyncd'),
  listenBacklog: v.int('listen backlog', 5),
  socketOptions: v.string('socket options'),
  daemonUid: v.string('daemon uid'),
  daemonGid: v.string('daemon gid'),
  proxyProtocol: v.bool('proxy protocol', false),
  proxyProtocolHosts: v.string('proxy protocol hosts'),
  reverseLookup: v.bool('reverse lookup', true),
});

const moduleSettings = (name: string, v: Values): ModuleSettings => ({
  name,
  path: v.path('path'),
  comment: v.string('comment'),
  list: v.bool('list', true),
  uid: v.string('uid'),
  gid: v.string('gid'),
  readOnly: v.bool('read only', true),
  writeOnly: v.bool('write only', false),
  authUsers: v.string('auth users'),
  secretsFile: v.string('secrets file'),
  strictModes: v.bool('strict modes', true),
  authDigest: v.string('auth digest'),
  hostsAllow: v.string('hosts allow'),
  hostsDeny: v.string('hosts deny'),
  reverseLookup: v.bool('reverse lookup', true),
  forwardLookup: v.bool('forward lookup', true),
  maxConnections: v.int('max connections', 0),
  lockFile: v.string('lock file', '/var/run/rsyncd.lock'),
  timeout: v.int('timeout', 0),
  refuseOptions: v.string('refuse options'),
  filter: v.string('filter'),
  include: v.string('include'),
  includeFrom: v.string('include from'),
  exclude: v.string('exclude'),
  excludeFrom: v.string('exclude from'),
  mungeSymlinks: v.bool3('munge symlinks'),
  // Where rsync changes the root it has no names to look up, unless somebody else does.
  numericIds: v.bool(
    'numeric ids',
    isRoot() && v.bool3('use chroot') !== false && v.raw('name converter') === '',
  ),
  nameConverter: v.raw('name converter'),
  charset: v.string('charset'),
  useChroot: v.bool3('use chroot'),
  incomingChmod: v.string('incoming chmod'),
  outgoingChmod: v.string('outgoing chmod'),
  tempDir: v.path('temp dir'),
  openNoatime: v.bool3('open noatime'),
  ignoreNonreadable: v.bool('ignore nonreadable', false),
  insecureLinks: v.bool('insecure links', false),
  ignoreErrors: v.bool('ignore errors', false),
  fakeSuper: v.bool('fake super', false),
  dontCompress: v.string('dont compress'),
  logFile: v.string('log file'),
  syslogFacility: v.string('syslog facility', 'daemon'),
  syslogTag: v.string('syslog tag', 'rsyncd'),
  transferLogging: v.bool('transfer logging', false),
  logFormat: v.string('log format', LOG_FORMAT),
  maxVerbosity: v.int('max verbosity', 1),
  earlyExec: v.raw('early exec'),
  preXferExec: v.raw('pre-xfer exec'),
  postXferExec: v.raw('post-xfer exec'),
});

/** Where a daemon's configuration comes from. */
export type ConfigSource =
  | DaemonConfig
  | { readonly configText: string }
  | { readonly configFile: string };

/** Settings of `loadConfig`. */
export interface LoadConfigOptions {
  readonly env: Environment;
  /** `--dparam NAME=VALUE`, applied after the globals of the file. Byte strings. */
  readonly dparam?: readonly string[] | undefined;
}

/** Read and resolve a configuration. Throws `RsyncError`: exit code 1 or 4. */
export function loadConfig(source: ConfigSource, o: LoadConfigOptions): DaemonSettings {
  const raw = rawConfig(source);
  for (const assignment of o.dparam ?? []) applyParameter(raw, assignment);
  return resolveConfig(raw, o.env);
}

function rawConfig(source: ConfigSource): RawConfig {
  if ('modules' in source) return rawFromObject(source);
  const file = 'configFile' in source ? source.configFile : 'rsyncd.conf';
  try {
    const text =
      'configFile' in source ? readFileSync(file, 'latin1') : textToBytes(source.configText);
    return parseConfigText(text, file);
  } catch (cause) {
    const message =
      cause instanceof ConfigError
        ? cause.message
        : `unable to open config file "${file}": ${errnoText(cause)}`;
    throw new RsyncError(message, { code: 'CONFIG', exitCode: 1, cause });
  }
}

function applyParameter(raw: RawConfig, assignment: string): void {
  const equals = assignment.indexOf('=');
  const parameter = equals < 0 ? undefined : findParameter(assignment.slice(0, equals));
  if (!parameter) {
    const message = `unknown parameter in --dparam=${assignment}`;
    throw new RsyncError(message, { code: 'CONFIG', exitCode: 1 });
  }
  const key = parameterKey(parameter.name);
  const value = assignment.slice(equals + 1).trim();
  raw.global.set(key, value);
  if (parameter.scope === 'global') return;
  for (const { values } of raw.modules) if (!values.has(key)) values.set(key, value);
}

/** An object's values become the texts a file would have had, so that both take one way. */
function rawFromObject(config: DaemonConfig): RawConfig {
  const { modules, ...global } = config;
  const shared = rawValues(global);
  return {
    global: shared,
    modules: Object.entries(modules).map(([name, module]) => ({
      name: textToBytes(name),
      values: new Map([...inherited(shared), ...rawValues(module)]),
    })),
    warnings: [],
  };
}

const inherited = (values: RawValues): [string, string][] =>
  [...values].filter(([key]) => findParameter(key)?.scope === 'module');

function rawValues(object: object): RawValues {
  const values: RawValues = new Map();
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const parameter = findParameter(name);
    if (!parameter) throw new TypeError(`unknown daemon parameter "${name}"`);
    values.set(parameterKey(parameter.name), rawText(value));
  }
  return values;
}

function rawText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return textToBytes(value.join(' '));
  return textToBytes(String(value));
}
