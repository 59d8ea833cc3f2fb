/** Horizontal bars in groups. */
export interface BarChart {
  readonly title: string;
  /** What a value counts, e.g. `seconds`. */
  readonly unit: string;
  /** One colour each, in the order of a group's values. */
  readonly series: readonly string[];
  readonly groups: readonly {
    readonly label: string;
    /** One per series; undefined is left out. */
    readonly values: readonly (number | undefined)[];
  }[];
  /** A line to compare with, e.g. at 1. */
  readonly reference?: { readonly value: number; readonly label: string };
  /** @default two decimals */
  readonly format?: (value: number) => string;
}

const COLOURS = ['#8b95a1', '#f2a541', '#7fb2f0', '#2f76d2', '#173f80', '#3a9d6e'];
const WIDTH = 760;
const LABEL_WIDTH = 150;
/** Room for the number behind the longest bar. */
const VALUE_WIDTH = 60;
const BAR = 13;
const GROUP_GAP = 11;
const MARGIN = 14;
const FONT = 'font-family="system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif"';

/** Draw a chart as an SVG document that can be read on light and dark pages. */
export function drawBarChart(chart: BarChart): string {
  const { title, unit, series, groups, reference, format = (v: number) => v.toFixed(2) } = chart;
  const values = groups.flatMap((group) => group.values.filter((v) => v !== undefined));
  const largest = Math.max(...values, reference?.value ?? 0, Number.MIN_VALUE);
  const left = MARGIN + LABEL_WIDTH;
  const scale = (WIDTH - left - VALUE_WIDTH - MARGIN) / largest;
  const out: string[] = [];
  const text = (x: number, y: number, content: string, extra = ''): void => {
    out.push(`<text x="${fixed(x)}" y="${fixed(y)}" ${extra}>${escapeXml(content)}</text>`);
  };
  text(MARGIN, 26, title, 'font-size="15" font-weight="600"');
  let x = MARGIN;
  series.forEach((name, i) => {
    out.push(`<rect x="${x}" y="38" width="11" height="11" rx="2" fill="${COLOURS[i]}"/>`);
    text(x + 16, 48, name);
    x += 34 + name.length * 6.6;
  });
  text(WIDTH - MARGIN, 48, unit, 'text-anchor="end" fill="#5b6570"');
  let y = 64;
  const top = y;
  for (const { label, values: row } of groups) {
    const bars = row.filter((value) => value !== undefined).length;
    text(left - 8, y + (bars * BAR) / 2 + 3, label, 'text-anchor="end"');
    row.forEach((value, i) => {
      if (value === undefined) return;
      const width = Math.max(1, value * scale);
      out.push(
        `<rect x="${left}" y="${y}" width="${fixed(width)}" height="${BAR - 2}" rx="1.5" fill="${COLOURS[i]}"/>`,
      );
      text(left + width + 5, y + BAR - 3, format(value), 'font-size="10.5" fill="#5b6570"');
      y += BAR;
    });
    y += GROUP_GAP;
  }
  if (reference) {
    const at = fixed(left + reference.value * scale);
    out.push(
      `<path d="M${at} ${top - 4}V${y - 4}" stroke="#c0392b" stroke-dasharray="4 3" fill="none"/>`,
    );
    text(Number(at) + 4, y + 6, reference.label, 'font-size="10.5" fill="#c0392b"');
  }
  const height = y + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">
<rect width="100%" height="100%" rx="6" fill="#ffffff"/>
<g ${FONT} font-size="12" fill="#1f2933">
${out.join('\n')}
</g>
</svg>
`;
}

const fixed = (n: number): string => String(Math.round(n * 10) / 10);

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
