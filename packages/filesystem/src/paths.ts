/**
 * The form of a path that Node's file functions take: the string itself when it is pure ASCII (the
 * common and fast case), else its bytes.
 */
export function fsPath(path: string): string | Buffer {
  for (let i = 0; i < path.length; i++) {
    if (path.charCodeAt(i) > 0x7f) return Buffer.from(path, 'latin1');
  }
  return path;
}

/** The path from the root, without `.` components and doubled slashes; links and `..` are kept. */
export function absolutePath(path: string): string {
  const working = (): string => Buffer.from(process.cwd()).toString('latin1');
  const full = path.startsWith('/') ? path : `${working()}/${path}`;
  const parts = full.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

/** `directory/name`; an empty directory is the working directory, the name `.` the directory itself. */
export function joinPath(directory: string, name: string): string {
  if (directory === '') return name;
  if (name === '.' || name === '') return directory;
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** Everything before the last slash: `''` when there is none, `/` for a name in the root. */
export function directoryName(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** Everything behind the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
