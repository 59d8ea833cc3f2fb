/** What pages of the manual are made of. Text has `code` and **bold** in it, nothing else. */
export type Block =
  /** `##` is level 2: a section; 3 a group; 4 an entry such as an option or a parameter. */
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  /** `- TERM: text`. */
  | { readonly kind: 'item'; readonly term: string; readonly text: string };

/** Split a page of `docs/manual` into its blocks: the little of Markdown that a manual needs. */
export function parseMarkdown(page: string): Block[] {
  return page
    .trim()
    .split(/\n{2,}(?!\n| {4})|(?<=^#.*)\n/m)
    .flatMap(parseChunk);
}

function parseChunk(chunk: string): Block[] {
  const heading = /^(#+) (.*)$/.exec(chunk);
  if (heading) return [{ kind: 'heading', level: heading[1]!.length, text: heading[2]! }];
  const indented = chunk.replace(/^\n+/, '');
  if (indented.startsWith('    ')) {
    return [{ kind: 'code', lines: indented.split('\n').map((line) => line.slice(4)) }];
  }
  // A paragraph that a code block follows, because blank lines within code are kept together.
  const code = /^([\s\S]*?)\n{2,}( {4}[\s\S]*)$/.exec(chunk);
  if (code) return [...parseChunk(code[1]!), ...parseChunk(code[2]!)];
  if (chunk.startsWith('- ')) return chunk.slice(2).split('\n- ').map(parseItem);
  const text = chunk.replaceAll('\n', ' ').trim();
  return text === '' ? [] : [{ kind: 'paragraph', text }];
}

function parseItem(item: string): Block {
  const [, term = '', text = ''] = /^((?:`[^`]*`|[^:`])*): ([\s\S]*)$/.exec(item) ?? [];
  if (text === '') throw new Error(`an item of the manual has no "TERM: text": ${item}`);
  return { kind: 'item', term, text: text.replaceAll('\n', ' ') };
}
