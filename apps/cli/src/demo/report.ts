import type { Tally } from './tally.ts';

/** Bytes for people: `8.40 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'kB', 'MB']) {
    if (value < 1000) return `${unit === 'B' ? value : value.toFixed(2)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(2)} GB`;
}

const traffic = (t: Tally): number => t.bytesSent + t.bytesReceived;

/** Share of the requested files' bytes that did not have to travel; undefined without any. */
function savedShare(t: Tally): number | undefined {
  const content = t.literalBytes + t.matchedBytes;
  return content > 0 ? 1 - traffic(t) / content : undefined;
}

function ahead(t: Tally): string {
  const all = t.hits + t.waits + t.misses + t.inline;
  return all === 0 ? 'none needed' : `${t.hits} of ${all}`;
}

const outcomes = (t: Tally): string =>
  t.hits + t.waits + t.misses + t.inline === 0
    ? '-'
    : `${t.hits} / ${t.waits} / ${t.misses} / ${t.inline}`;

/** Two pulls side by side, one line for each quantity. */
export function formatReport(first: Tally, second: Tally, bold: (text: string) => string): string {
  const rows: readonly (readonly [string, (t: Tally) => string])[] = [
    ['entries listed', (t) => `${t.listed}`],
    ['files requested', (t) => `${t.requested}`],
    ['entries deleted', (t) => `${t.deleted}`],
    ['data found in the old copy', (t) => formatBytes(t.matchedBytes)],
    ['data sent as new', (t) => formatBytes(t.literalBytes)],
    ['bytes on the wire, both ways', (t) => formatBytes(traffic(t))],
    [
      'saved on requested files',
      (t) => {
        const share = savedShare(t);
        return share === undefined || share <= 0 ? '-' : `${(100 * share).toFixed(1)} %`;
      },
    ],
    ['signatures ready ahead', ahead],
    ['  hit / wait / miss / inline', outcomes],
    ['time', (t) => `${(t.milliseconds / 1000).toFixed(2)} s`],
  ];
  const line = (label: string, a: string, b: string): string =>
    `  ${label.padEnd(30)}${a.padStart(16)}${b.padStart(20)}\n`;
  let text = bold(line('', 'first pull', 'after the edits'));
  for (const [label, value] of rows) text += line(label, value(first), value(second));
  return text;
}
