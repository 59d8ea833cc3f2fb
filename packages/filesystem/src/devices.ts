import { systemError } from './errno.ts';
import { FileTypeBits } from './file-stat.ts';
import type { CreateOptions } from './links.ts';
import { nativeCalls } from './native.ts';
import { fsPath } from './paths.ts';
import { replaceAtomically } from './replace.ts';

/** A file without content: what mknod(2) makes. */
export interface NodeDescription {
  readonly type: 'char' | 'block' | 'fifo' | 'socket';
  /** Permission bits; the umask applies. */
  readonly mode: number;
  /** Devices only. */
  readonly rdevMajor?: number;
  readonly rdevMinor?: number;
}

const TYPE_BITS = {
  char: FileTypeBits.CHAR,
  block: FileTypeBits.BLOCK,
  fifo: FileTypeBits.FIFO,
  socket: FileTypeBits.SOCKET,
} as const;

/**
 * Make a device, fifo or socket. Without native calls the programs `mknod` and `mkfifo` do it, which
 * cannot make sockets (ENOSYS).
 */
export function createNode(path: string, node: NodeDescription, options?: CreateOptions): void {
  const make = (at: string): void => makeNode(at, node);
  if (options?.replace) replaceAtomically(path, make);
  else make(path);
}

function makeNode(path: string, node: NodeDescription): void {
  const { type, mode, rdevMajor = 0, rdevMinor = 0 } = node;
  const native = nativeCalls();
  if (native) {
    native.mknod(path, TYPE_BITS[type] | (mode & 0o7777), rdevMajor, rdevMinor);
    return;
  }
  makeNodeByProgram(path, node);
}

/** The way without native calls. @internal */
export function makeNodeByProgram(path: string, node: NodeDescription): void {
  if (node.type === 'socket') throw systemError(38, 'mknod', path);
  // Loaded here: with native calls nobody needs it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const mode = `--mode=${(node.mode & 0o777).toString(8)}`;
  const file = path.startsWith('-') ? `./${path}` : path;
  const device =
    node.type === 'fifo'
      ? ['p']
      : [node.type === 'char' ? 'c' : 'b', String(node.rdevMajor), String(node.rdevMinor)];
  // Arguments of a child are text: bytes that are not UTF-8 travel through the shell's printf.
  const target = fsPath(file);
  const result =
    typeof target === 'string'
      ? spawnSync('mknod', [mode, target, ...device])
      : spawnSync('/bin/sh', [
          '-c',
          'mknod "$1" "$(printf "$2")" $3 $4 $5',
          'sh',
          mode,
          octal(target),
          ...device,
        ]);
  if (result.error) throw result.error;
  if (result.status !== 0) throw systemError(1, 'mknod', path);
}

function octal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
