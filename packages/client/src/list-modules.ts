import { bytesToText, PROTOCOL_MAX, textToBytes } from '@deltawire/protocol';
import { connectStreams } from '@deltawire/transfer';
import { openDaemonSession } from './daemon-session.ts';
import { DAEMON_PORT } from './endpoints.ts';
import { connectTcp } from './tcp.ts';

/** Where to ask. */
export interface ListModulesOptions {
  /** @default 873 */
  readonly port?: number | undefined;
  /** Seconds; 0 for as long as it takes. @default 0 */
  readonly connectTimeout?: number | undefined;
  /** @default 0, either family */
  readonly ipFamily?: 0 | 4 | 6 | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A module as a daemon lists it. Text. */
export interface ListedModule {
  readonly name: string;
  readonly comment: string;
}

/** What a daemon says about itself. */
export interface ModuleListing {
  readonly modules: readonly ListedModule[];
  /** Every other line, in order: the message of the day. */
  readonly motd: readonly string[];
}

/**
 * Ask a daemon for its modules. Nothing on the wire tells them from the message of the day; a
 * module is a line with a tab behind at least 15 characters. Throws `RsyncError`.
 */
export async function listModules(
  host: string,
  o: ListModulesOptions = {},
): Promise<ModuleListing> {
  const socket = await connectTcp({
    host,
    port: o.port ?? DAEMON_PORT,
    ipFamily: o.ipFamily ?? 0,
    connectTimeout: o.connectTimeout ?? 0,
    signal: o.signal,
  });
  const connection = connectStreams(socket, socket, { kind: 'socket' });
  const giveUp = (): void => void connection.close();
  o.signal?.addEventListener('abort', giveUp, { once: true });
  const modules: ListedModule[] = [];
  const motd: string[] = [];
  try {
    await openDaemonSession(connection, {
      module: '',
      protocol: PROTOCOL_MAX,
      user: textToBytes('nobody'),
      password: async () => '',
      onLine(line) {
        const [, name, comment] = /^([^\t]{15,})\t(.*)$/s.exec(line) ?? [];
        if (name === undefined || comment === undefined) motd.push(bytesToText(line));
        else modules.push({ name: bytesToText(name.trimEnd()), comment: bytesToText(comment) });
      },
    });
  } catch (error) {
    o.signal?.throwIfAborted();
    throw error;
  } finally {
    o.signal?.removeEventListener('abort', giveUp);
    await connection.close();
  }
  return { modules, motd };
}
