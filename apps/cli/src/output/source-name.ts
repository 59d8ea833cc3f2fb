/** The part of the options that decides where names come from. */
export interface SourceOptions {
  readonly relative: boolean;
  readonly args: readonly string[];
}

/**
 * `%f` on the sending side: the name behind the directory its source argument stands in, without a
 * leading slash. When several arguments end in `/`, a name cannot tell which one it came from; the
 * first one is named. Source: docs/spec/data.md §13.5.
 */
export function sourceNamer(o: SourceOptions): (name: string, isDirectory: boolean) => string {
  const sources = o.args.length > 1 ? o.args.slice(0, -1) : o.args;
  if (o.relative) return (name) => stripRoot(name);
  const prefixes = new Map<string, string>();
  let contents: string | undefined;
  for (const source of sources) {
    const slash = source.lastIndexOf('/');
    const last = source.slice(slash + 1);
    if (last === '' || last === '.') contents ??= source.slice(0, slash + 1) || '';
    else if (!prefixes.has(last)) prefixes.set(last, source.slice(0, slash + 1));
  }
  return (name) => {
    const first = name.split('/', 1)[0] ?? '';
    return stripRoot(join(prefixes.get(first) ?? contents ?? '', name));
  };
}

const join = (prefix: string, name: string): string => stripDot(prefix) + name;

/** rsync drops a leading `./`. */
const stripDot = (path: string): string => (path.startsWith('./') ? path.slice(2) : path);

const stripRoot = (path: string): string => path.replace(/^\/+/, '') || '.';
