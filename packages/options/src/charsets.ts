/** The charsets of the two sides, as a client names them; undefined without `--iconv`. */
export interface Charsets {
  readonly local: string | undefined;
  readonly remote: string | undefined;
}

/** Split `LOCAL[,REMOTE]`: one name stands for both (docs/spec/session.md §3.3). */
export function splitCharsets(iconv: string | undefined): Charsets {
  const comma = iconv?.indexOf(',') ?? -1;
  if (iconv === undefined || comma < 0) return { local: iconv, remote: iconv };
  return { local: iconv.slice(0, comma), remote: iconv.slice(comma + 1) };
}
