import { atLeast } from './field-actions.ts';
import { type OptionRow, own } from './option-row.ts';

/** How far ahead signatures are computed: for a client, a server and a daemon. */
export const PIPELINE_ROWS: readonly OptionRow[] = [
  own(
    '--signature-threads=N',
    'threads that compute signatures ahead; 0 for none',
    atLeast(0, 'signatureThreads', '--signature-threads'),
    { integer: true },
  ),
  own(
    '--pipeline-window=N',
    'files looked at ahead of their turn',
    atLeast(1, 'pipelineWindow', '--pipeline-window'),
    { integer: true },
  ),
];
