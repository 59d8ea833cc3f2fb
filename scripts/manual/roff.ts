import type { Block } from './markdown.ts';

/** Text that roff would take for its own language. */
const plain = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('-', '\\-');

/** One line of text: code is bold. A line must not begin as a request does. */
function line(text: string): string {
  const parts = text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`') && part.endsWith('`')
        ? `\\fB${plain(part.slice(1, -1))}\\fR`
        : plain(part),
    );
  return parts.join('').replace(/^[.']/, '\\&$&');
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
      if (block.level === 4) return ['.TP', line(block.text)];
      return [`.${block.level === 2 ? 'SH' : 'SS'} ${plain(block.text.toUpperCase())}`];
    case 'paragraph':
      return ['.PP', line(block.text)];
    case 'item':
      return ['.TP', line(block.term), line(block.text)];
    case 'code':
      return ['.PP', '.RS 4', '.nf', ...block.lines.map(line), '.fi', '.RE'];
  }
}

/**
 * A page for man(1). The first heading is `# NAME - WHAT IT IS`.
 *
 * @param section 1 for programs, 5 for files
 */
export function manPage(blocks: readonly Block[], section: number): string {
  const [title, ...rest] = blocks;
  if (title?.kind !== 'heading' || title.level !== 1) throw new Error('a page needs a title');
  const [name = ''] = title.text.split(' - ');
  const lines = [
    '.\\" Made from docs/manual by scripts/manual.ts.',
    `.TH ${name.toUpperCase()} ${section} "" "Deltawire" "Deltawire manual"`,
    '.SH NAME',
    `${plain(name)} \\- ${plain(title.text.slice(name.length + 3))}`,
  ];
  let inEntry = false;
  for (const block of rest) {
    const made = blockLines(block);
    // What belongs to an entry stays indented below it: its first paragraph on the tag's own.
    if (block.kind === 'paragraph' && inEntry) made[0] = lines.at(-2) === '.TP' ? '' : '.IP';
    if (block.kind === 'heading') inEntry = block.level === 4;
    lines.push(...made.filter((text) => text !== ''));
  }
  const text = `${lines.join('\n')}\n`;
  const foreign = /.*[^\n -~].*/.exec(text);
  if (foreign) throw new Error(`a man page is ASCII: ${foreign[0]}`);
  return text;
}
