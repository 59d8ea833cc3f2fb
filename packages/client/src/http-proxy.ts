import { ExitCode, RsyncError, textToBytes } from '@deltawire/protocol';
import type { Connection } from '@deltawire/transfer';
import { TextChannel } from './text-channel.ts';

/** An HTTP proxy, from RSYNC_PROXY. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** `USER:PASSWORD` as a byte string; undefined for a proxy that asks for none. */
  readonly credentials: string | undefined;
}

const HEADER_LINES_MAX = 1000;

const failure = (message: string): RsyncError =>
  new RsyncError(message, { code: 'PROXY', exitCode: ExitCode.SOCKET });

/** Parse `[USER:PASSWORD@]HOST:PORT`. Throws `RsyncError` with exit code 10. */
export function parseProxy(text: string): HttpProxy {
  const at = text.lastIndexOf('@');
  const place = text.slice(at + 1);
  const colon = place.lastIndexOf(':');
  const port = Number(place.slice(colon + 1));
  if (colon <= 0 || !/^\d+$/.test(place.slice(colon + 1)) || port < 1 || port > 65_535) {
    throw failure('invalid proxy specification: should be HOST:PORT');
  }
  const credentials = at < 0 ? undefined : textToBytes(text.slice(0, at));
  return { host: place.slice(0, colon), port, credentials };
}

/**
 * Ask a proxy for a connection to a daemon (docs/spec/session.md §3.7). What the daemon says begins
 * behind the answer's header. Throws `RsyncError` with exit code 10 when the proxy refuses.
 */
export async function tunnel(
  connection: Connection,
  { credentials }: HttpProxy,
  host: string,
  port: number,
): Promise<Connection> {
  const channel = new TextChannel(connection);
  const login =
    credentials === undefined
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(credentials, 'latin1').toString('base64')}\r\n`;
  await channel.write(`CONNECT ${textToBytes(host)}:${port} HTTP/1.0\r\n${login}\r\n`);
  const status = await readLine(channel);
  if (!/^HTTP\/\S*\s+2/.test(status)) throw failure(`bad response from proxy -- ${status}`);
  for (let count = 0; (await readLine(channel)) !== ''; count++) {
    if (count === HEADER_LINES_MAX) throw failure('bad response from proxy -- too many headers');
  }
  return channel.release();
}

async function readLine(channel: TextChannel): Promise<string> {
  const line = await channel.readLine();
  if (line === undefined) throw failure('failed to read from proxy: it closed the connection');
  return line.replace(/\r$/, '');
}
