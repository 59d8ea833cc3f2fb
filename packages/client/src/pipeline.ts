import type { RsyncOptions } from '@deltawire/options';
import type { PipelineOptions } from '@deltawire/transfer';

/** How far ahead a transfer works: what the command line says, else what the caller does. */
export function pipelineOf(
  { signatureThreads, pipelineWindow }: RsyncOptions,
  base: PipelineOptions | undefined,
): PipelineOptions {
  return {
    ...base,
    ...(signatureThreads === undefined ? {} : { threads: signatureThreads }),
    ...(pipelineWindow === undefined ? {} : { windowFiles: pipelineWindow }),
  };
}
