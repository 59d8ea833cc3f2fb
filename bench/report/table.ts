/** A Markdown table; every column but the first is aligned to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(header), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** Seconds with three significant figures or so: `0.086`, `1.42`, `12.3`. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  return s.toFixed(s < 1 ? 3 : s < 10 ? 2 : 1);
}

/** Bytes as mebibytes. */
export function mebibytes(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib.toFixed(mib < 10 ? 1 : 0);
}

/** A ratio: `0.94`, `3.1`. */
export function ratio(value: number): string {
  return Number.isFinite(value) && value >= 0 ? value.toFixed(value < 10 ? 2 : 1) : '–';
}

/** Whether a target was met, as a cell. */
export function verdict(met: boolean | undefined): string {
  if (met === undefined) return 'not measured';
  return met ? 'met' : '**missed**';
}
