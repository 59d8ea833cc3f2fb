import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The text with what stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` replaced.
 *
 * @throws Error when the text has no such markers
 */
export function replaceSection(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close, start);
  if (start < 0 || end < 0) throw new Error(`no section ${open} … ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${content.trim()}\n\n${text.slice(end)}`;
}

/** Replace sections of a document on disk, by name. */
export function writeSections(path: string, sections: Readonly<Record<string, string>>): void {
  let text = readFileSync(path, 'utf8');
  for (const [name, content] of Object.entries(sections)) {
    text = replaceSection(text, name, content);
  }
  writeFileSync(path, text);
}
