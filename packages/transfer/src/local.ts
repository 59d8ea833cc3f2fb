import { connectionPair } from './connection.ts';
import type { LocalJob, RunOptions, TransferResult } from './jobs.ts';
import { createLocalLink } from './local-link.ts';
import { allowsIncrementalRecursion, type TransferOptions } from './options.ts';
import { withPartialDirRule } from './partial-dir-rule.ts';
import { runClientSide } from './run-client.ts';
import { runServerSide } from './run-server.ts';

/**
 * Copy within this machine: the client sends, a server in the same process receives, and the usual
 * roles talk over memory.
 */
export async function copyLocal(job: LocalJob, run: RunOptions = {}): Promise<TransferResult> {
  const { filters, sources, destination, batch } = job;
  const options = batch === undefined ? job.options : withDeltas(job.options);
  const [near, far] = connectionPair();
  const capabilities = allowsIncrementalRecursion(options, true) ? '.iLsfxCIvu' : '.LsfxCIvu';
  const { signal, onEvent, pipeline } = run;
  const link = createLocalLink(withPartialDirRule(filters, options, options.protocol, true));
  const server = runServerSide(
    far,
    {
      // The end that has the option unmunges what it sends, and munges what it gets.
      options: {
        ...options,
        mungeLinks: false,
        ...job.there,
        sender: false,
        clientInfo: capabilities,
        filesFrom: undefined,
      },
      paths: [destination],
      charset: job.charsets?.destination,
      handshake: { kind: 'binary', local: true },
    },
    {
      ...(signal === undefined ? {} : { signal }),
      ...(pipeline === undefined ? {} : { pipeline }),
      // What only the receiving side sees; the rest reaches the client as it does from afar.
      ...(onEvent === undefined
        ? {}
        : {
            onEvent: (event) => {
              if (event.kind === 'listing' || event.kind === 'signature') onEvent(event);
            },
          }),
    },
    link,
  );
  const client = runClientSide(
    near,
    {
      role: 'sender',
      options,
      filters,
      sources,
      destination: '',
      charset: job.charsets?.source,
      handshake: { kind: 'binary', local: true },
      ...(job.filesFrom === undefined ? {} : { filesFrom: job.filesFrom }),
      ...(batch === undefined ? {} : { batch }),
    },
    {
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
    },
    link,
  );
  const [received, sent] = await Promise.allSettled([server, client]);
  if (sent.status === 'rejected') throw sent.reason;
  if (received.status === 'rejected') throw received.reason;
  const stats = sent.value.stats;
  stats.signatures = received.value.stats.signatures;
  stats.requested = received.value.stats.requested;
  return { exitCode: sent.value.exitCode || received.value.exitCode, stats };
}

/** A batch is for destinations that are like this one: it needs only what differs. */
const withDeltas = (options: TransferOptions): TransferOptions => ({
  ...options,
  wholeFile: options.wholeFile ?? false,
});
