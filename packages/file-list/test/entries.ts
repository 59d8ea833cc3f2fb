import { createFileEntry, type FileEntry } from '@deltawire/protocol';

/** Entries by name: a trailing slash makes a directory. */
export function entries(...names: readonly string[]): FileEntry[] {
  return names.map((name) => entry(name));
}

/** One entry by name, with other fields as given. */
export function entry(name: string, fields: Partial<FileEntry> = {}): FileEntry {
  const isDirectory = name.endsWith('/');
  return createFileEntry({
    name: isDirectory ? name.slice(0, -1) : name,
    mode: isDirectory ? 0o040755 : 0o100644,
    ...fields,
  });
}

/** The names back, directories with a slash. */
export function namesOf(list: Iterable<FileEntry>): string[] {
  return Array.from(list, ({ name, mode }) => (mode & 0o040000 ? `${name}/` : name));
}
