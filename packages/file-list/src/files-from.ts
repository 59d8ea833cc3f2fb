/**
 * The names in a `--files-from` file that the sender reads itself: one per line (LF or CR), or per NUL
 * with `from0`. Empty names and comments, which begin with `#` or `;`, are left out
 * (docs/spec/data.md §3.13).
 */
export function splitFilesFrom(bytes: Uint8Array, options: { from0: boolean }): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const names = text.split(options.from0 ? '\0' : /[\n\r\0]/);
  return names.filter((name) => name !== '' && !name.startsWith('#') && !name.startsWith(';'));
}
