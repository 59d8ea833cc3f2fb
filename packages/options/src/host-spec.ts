import { OptionError } from './option-error.ts';

/** Where one source or destination is. */
export type HostSpec =
  | { readonly kind: 'local'; readonly path: string }
  | {
      readonly kind: 'shell';
      readonly user: string | undefined;
      readonly host: string;
      readonly path: string;
    }
  | {
      readonly kind: 'daemon';
      readonly user: string | undefined;
      readonly host: string;
      readonly port: number | undefined;
      /** Name of the module; empty to list the modules. */
      readonly module: string;
      /** Module and path as they are sent, such as `mod/dir/`. */
      readonly path: string;
      /** Written as `rsync://`, not with a double colon. */
      readonly viaUrl: boolean;
    };

/**
 * Read a source or destination (docs/spec/session.md §3.1): `PATH`, `[USER@]HOST:PATH`,
 * `[USER@]HOST::MODULE/PATH` or `rsync://[USER@]HOST[:PORT]/MODULE/PATH`. An IPv6 host may stand in
 * brackets. A colon behind a slash belongs to a local path.
 */
export function parseHostSpec(text: string): HostSpec {
  return parseUrl(text) ?? parseColonForm(text) ?? { kind: 'local', path: text };
}

/** `[USER@]HOST`: the user ends at the last `@`, the host at a colon or slash, or is in brackets. */
const HOST = String.raw`(?:([^:/]*)@)?(\[[^[\]/]+\]|[^:/@[]*)`;
const URL_FORM = new RegExp(`^rsync://${HOST}(?::([0-9]*))?(?:/(.*))?$`, 'is');
const COLON_FORM = new RegExp(`^${HOST}:(:?)(.*)$`, 's');

function parseUrl(text: string): HostSpec | undefined {
  const match = URL_FORM.exec(text);
  if (match === null) return undefined;
  const [, user, host = '', port, path = ''] = match;
  // An empty port and port 0 stand for the default.
  return daemonSpec(user, host, Number(port ?? 0) || undefined, path, true);
}

function parseColonForm(text: string): HostSpec | undefined {
  const match = COLON_FORM.exec(text);
  if (match === null) return undefined;
  const [, user, host = '', daemon = '', path = ''] = match;
  if (daemon !== '') return daemonSpec(user, host, undefined, path, false);
  if (host.startsWith('-')) {
    // The remote shell would take it for an option.
    throw new OptionError(
      "Invalid remote host: hostnames may not start with '-'.",
      'INVALID_VALUE',
    );
  }
  return { kind: 'shell', user, host: withoutBrackets(host), path };
}

function daemonSpec(
  user: string | undefined,
  host: string,
  port: number | undefined,
  path: string,
  viaUrl: boolean,
): HostSpec {
  const slash = path.indexOf('/');
  const module = slash < 0 ? path : path.slice(0, slash);
  return { kind: 'daemon', user, host: withoutBrackets(host), port, module, path, viaUrl };
}

const withoutBrackets = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host);
