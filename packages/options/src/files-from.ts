/** Where the list of `--files-from` is. */
export type FilesFrom =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'local'; readonly path: string }
  /** On the remote host of the transfer; an empty host means that one. */
  | { readonly kind: 'remote'; readonly host: string; readonly path: string };

/** Read a `--files-from` value: `-`, a local file, or `HOST:FILE` / `:FILE` on the other side. */
export function parseFilesFrom(text: string): FilesFrom {
  if (text === '-') return { kind: 'stdin' };
  const colon = text.indexOf(':');
  const slash = text.indexOf('/');
  if (colon < 0 || (slash >= 0 && slash < colon)) return { kind: 'local', path: text };
  return { kind: 'remote', host: text.slice(0, colon), path: text.slice(colon + 1) };
}
