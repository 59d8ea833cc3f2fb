/** The real program as a peer: whether it is there, and trees to send to and fro. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasRsync: boolean = (() => {
  try {
    execFileSync('rsync', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

/** A directory with a source tree. */
export function workspace() {
  const path = mkdtempSync(join(tmpdir(), 'daemon-'));
  const source = join(path, 'src');
  mkdirSync(join(source, 'dir'), { recursive: true });
  writeFileSync(join(source, 'a.txt'), 'hello world\n');
  writeFileSync(join(source, 'dir', 'b.bin'), Buffer.alloc(200_000, 'pattern'));
  symlinkSync('a.txt', join(source, 'link'));
  return { path, source, remove: () => rmSync(path, { recursive: true }) };
}

/** What `diff -r` says about two trees: nothing when they are equal. */
export function differences(a: string, b: string): string {
  try {
    execFileSync('diff', ['-r', '--no-dereference', a, b]);
    return '';
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
}
