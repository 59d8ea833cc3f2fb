import { type HostSpec, parseFilesFrom, parseHostSpec } from '@deltawire/options';
import { RsyncError } from '@deltawire/protocol';

/** Default port of a daemon. */
export const DAEMON_PORT = 873;

/** Which side of the transfer the client plays. */
export type ClientRole = 'sender' | 'receiver';

/** Where the two ends of a transfer are; names are byte strings. */
export type Endpoints =
  | {
      readonly kind: 'local';
      readonly sources: readonly string[];
      /** undefined: list the sources only. */
      readonly destination: string | undefined;
    }
  | {
      readonly kind: 'shell' | 'daemon';
      readonly role: ClientRole;
      readonly user: string | undefined;
      readonly host: string;
      /** From the URL; undefined leaves it to `--port`. Daemons only. */
      readonly port: number | undefined;
      /** Daemons only; empty asks for the list of modules. */
      readonly module: string;
      /** What the server is asked for, with the module's name in front for a daemon. */
      readonly remotePaths: readonly string[];
      /** Sources of a push, the destination of a pull, nothing when only listing. */
      readonly localPaths: readonly string[];
    };

/** Of a transfer with another host. */
export type RemoteEndpoints = Exclude<Endpoints, { kind: 'local' }>;

type RemoteSpec = Exclude<HostSpec, { kind: 'local' }>;

const misuse = (message: string): RsyncError =>
  new RsyncError(message, { code: 'USAGE', exitCode: 1 });

/**
 * Sort the arguments of a command line into two ends (docs/spec/session.md §3.1). A single
 * argument lists. Throws `RsyncError` with exit code 1, worded as rsync does.
 *
 * @param mayBeEmpty an empty destination means the working directory (`--old-args`)
 */
export function resolveEndpoints(args: readonly string[], mayBeEmpty: boolean = false): Endpoints {
  const sources = args.length > 1 ? args.slice(0, -1) : [...args];
  const destination = args.length > 1 ? args[args.length - 1] : undefined;
  const first = sources[0];
  if (first === undefined) throw misuse('no source given');
  const source = parseHostSpec(first);
  const target = destination === undefined ? undefined : parseHostSpec(destination);
  if (destination === '' && !mayBeEmpty) {
    throw misuse('Empty destination arg specified (use "." or see --old-args).');
  }
  if (source.kind !== 'local') {
    if (target !== undefined && target.kind !== 'local') {
      throw misuse('The source and destination cannot both be remote.');
    }
    return pull(source, sources, destination);
  }
  if (sources.includes('')) throw misuse('Empty source arg specified.');
  const stray = sources.find((arg) => parseHostSpec(arg).kind !== 'local');
  if (stray !== undefined) throw misuse(`Unexpected remote arg: ${stray}`);
  if (target === undefined || target.kind === 'local') {
    return { kind: 'local', sources, destination };
  }
  return remote('sender', target, [remotePath(target)], sources);
}

function pull(
  first: RemoteSpec,
  sources: readonly string[],
  destination: string | undefined,
): Endpoints {
  const paths = sources.map((arg) => remotePath(sameHost(arg, first)));
  return remote('receiver', first, paths, destination === undefined ? [] : [destination]);
}

/** A later source must name the first one's host, or none. */
function sameHost(arg: string, first: RemoteSpec): RemoteSpec {
  const spec = parseHostSpec(arg);
  if (spec.kind === 'local') {
    throw misuse(
      `Unexpected local arg: ${arg}\nIf arg is a remote file/dir, prefix it with a colon (:).`,
    );
  }
  if (spec.host !== '' && spec.host !== first.host) {
    throw misuse('All source args must come from the same machine.');
  }
  if (spec.kind !== first.kind) {
    throw misuse('All source args must use the same hostspec format.');
  }
  if (portOf(spec) !== undefined && portOf(spec) !== portOf(first)) {
    throw misuse('All source args must use the same port number.');
  }
  return spec;
}

const portOf = (spec: RemoteSpec): number | undefined =>
  spec.kind === 'daemon' ? spec.port : undefined;

/** A bare module means its contents. */
const remotePath = (spec: RemoteSpec): string =>
  spec.kind === 'daemon' && !spec.path.includes('/') ? `${spec.path}/` : spec.path;

function remote(
  role: ClientRole,
  spec: RemoteSpec,
  remotePaths: readonly string[],
  localPaths: readonly string[],
): Endpoints {
  return {
    kind: spec.kind,
    role,
    user: spec.user,
    host: spec.host,
    port: portOf(spec),
    module: spec.kind === 'daemon' ? spec.module : '',
    remotePaths,
    localPaths,
  };
}

/**
 * Check a `--files-from` list on the other side against the ends: it must be the transfer's own
 * host. Throws `RsyncError` with exit code 1.
 */
export function checkFilesFrom(filesFrom: string, endpoints: Endpoints): void {
  const place = parseFilesFrom(filesFrom);
  if (place.kind !== 'remote') return;
  if (endpoints.kind === 'local') {
    throw misuse('--files-from cannot be remote when the transfer is local');
  }
  if (place.host !== '' && place.host !== endpoints.host) {
    throw misuse('--files-from hostname is not the same as the transfer hostname');
  }
}
