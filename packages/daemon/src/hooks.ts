import { RsyncError } from '@deltawire/protocol';
import type { PeerHost } from './access.ts';
import type { Environment } from './expand.ts';
import { Refused } from './refused.ts';
import type { ModuleSettings } from './settings.ts';
import { WaitingCommand } from './waiting-command.ts';

/** What hooks learn of a connection; byte strings. */
export interface HookSubject {
  readonly module: ModuleSettings;
  /** The path in force. */
  readonly path: string;
  readonly host: PeerHost;
  /** '' for an anonymous user. */
  readonly user: string;
}

/** What a shell could act on, were it to see the value a second time (`man rsyncd.conf`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among what is refused
const METACHARACTER = /['"`$\\;&|<>()*?[\]#!~{}\s\x00-\x1f\x7f]/;

/**
 * The command of a hook with its `%VAR%` replaced. Throws `RsyncError` for a value of the
 * connection with a character that a shell would act on.
 */
export function hookCommand(
  command: string,
  variables: ReadonlyMap<string, string>,
  env: Environment,
): string {
  return command.replaceAll(/%([A-Z][A-Za-z0-9_]*)%/g, (whole, name: string) => {
    const value = variables.get(name) ?? env[name];
    if (value === undefined) return whole;
    if (name.startsWith('RSYNC_') && METACHARACTER.test(value)) {
      throw new RsyncError(`refusing to run shell hook: ${whole} holds a shell metacharacter`, {
        code: 'HOOK_METACHARACTER',
        exitCode: 4,
      });
    }
    return value;
  });
}

/** What every command of a module may know of the connection it serves; byte strings. */
export function hookVariables({ module, path, host, user }: HookSubject): Map<string, string> {
  return new Map([
    ['RSYNC_MODULE_NAME', module.name],
    ['RSYNC_MODULE_PATH', path],
    ['RSYNC_HOST_ADDR', host.address],
    ['RSYNC_HOST_NAME', host.name],
    ['RSYNC_USER_NAME', user],
  ]);
}

/** A number for each connection, the process's own where it serves no other. */
let served = 0;

/**
 * `early exec`, `pre-xfer exec` and `post-xfer exec` of one connection (docs/spec/session.md
 * §11.6). They run as the user of the daemon: create this before becoming the module's.
 */
export class Hooks {
  readonly #early: WaitingCommand | undefined;
  readonly #before: WaitingCommand | undefined;
  readonly #after: WaitingCommand | undefined;

  private constructor(early?: WaitingCommand, before?: WaitingCommand, after?: WaitingCommand) {
    this.#early = early;
    this.#before = before;
    this.#after = after;
  }

  /** Throws `RsyncError` when a command may not be put together. */
  static start(subject: HookSubject, env: Environment): Hooks {
    const { module } = subject;
    if (env.RSYNC_NO_XFER_EXEC !== undefined) return new Hooks();
    const known = hookVariables(subject);
    const [early, before, after] = [module.earlyExec, module.preXferExec, module.postXferExec].map(
      (text) => hookCommand(text, known, env),
    );
    const variables = new Map([...known, ['RSYNC_PID', `${process.pid + served}`]]);
    served++;
    const request = new Map([...variables, ['RSYNC_REQUEST', '(NONE)']]);
    const make = (
      command = '',
      o: {
        variables: Map<string, string>;
        captures?: boolean;
        atDeath?: ReadonlyMap<string, string>;
      },
    ) => (command === '' ? undefined : new WaitingCommand({ command, env, captures: false, ...o }));
    return new Hooks(
      make(early, { variables: request }),
      make(before, { variables: request, captures: true }),
      make(after, { variables, atDeath: statusVariables(-1, KILLED) }),
    );
  }

  /** Run `early exec` with the client's early input. Throws `Refused` when it fails. */
  async early(input: Uint8Array): Promise<void> {
    const result = await this.#early?.run(new Map(), input);
    if (result && result.status !== 0) {
      throw new Refused('early exec failed', `early exec failed (${result.status})`);
    }
  }

  /**
   * Run `pre-xfer exec`. Returns why nothing may be transferred.
   *
   * @param request the paths as the client sent them
   * @param args options, `.` and the paths in the module
   */
  async before(request: readonly string[], args: readonly string[]): Promise<string | undefined> {
    if (!this.#before) return undefined;
    const numbered = ['rsyncd', ...args].map((arg, i) => [`RSYNC_ARG${i}`, arg] as const);
    const result = await this.#before.run(
      new Map([['RSYNC_REQUEST', request.join(' ')], ...numbered]),
    );
    if (result.status === 0) return undefined;
    const said = result.output === '' ? '\n' : `:\n${result.output.replace(/\n?$/, '\n')}`;
    return `pre-xfer exec returned failure (${result.status})${said}`;
  }

  /** Whatever has not had its turn is not going to; `post-xfer exec` gets it now. */
  finish(exitCode: number): void {
    this.#early?.dismiss();
    this.#before?.dismiss();
    void this.#after?.run(statusVariables(exitCode, exitCode * 256));
  }
}

/** The signal that ends a process without a word. */
const KILLED = 9;

const statusVariables = (exit: number, raw: number): ReadonlyMap<string, string> =>
  new Map([
    ['RSYNC_EXIT_STATUS', `${exit}`],
    ['RSYNC_RAW_STATUS', `${raw}`],
  ]);
