import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DestinationRoot, UnsafePathError } from '../src/destination-root.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** root/{a/b, file, link -> ../outside, inner -> a} and outside/. */
function plant(): string {
  const at = temporaryDirectory();
  mkdirSync(`${at}/root/a/b`, { recursive: true });
  mkdirSync(`${at}/outside`);
  writeFileSync(`${at}/root/file`, '');
  symlinkSync('../outside', `${at}/root/link`);
  symlinkSync('a', `${at}/root/inner`);
  symlinkSync('file', `${at}/root/tofile`);
  return at;
}

test('resolves names below real directories', () => {
  const root = new DestinationRoot(`${plant()}/root`);
  expect(root.resolve('new')).toBe(`${root.path}/new`);
  expect(root.resolve('a/b/new')).toBe(`${root.path}/a/b/new`);
  expect(root.resolve('.')).toBe(root.path);
  expect(root.resolve('missing/new')).toBe(`${root.path}/missing/new`);
  // The last component may be a link: it is what will be replaced.
  expect(root.resolve('link')).toBe(`${root.path}/link`);
});

test.each(['link/x', 'a/../../outside/x', '../outside/x', '/etc/x', 'inner/x', '..', 'a/..'])(
  'refuses %s',
  (name) => {
    const root = new DestinationRoot(`${plant()}/root`);
    expect(() => root.resolve(name)).toThrow(UnsafePathError);
  },
);

test('a link planted where a directory was missing is found', () => {
  const at = plant();
  const root = new DestinationRoot(`${at}/root`);
  root.resolve('late/x');
  symlinkSync('../outside', `${at}/root/late`);
  expect(() => root.resolve('late/x')).toThrow('symlink');
});

test('a link planted in a neighbouring directory is found', () => {
  const at = plant();
  const root = new DestinationRoot(`${at}/root`);
  root.resolve('a/b/x');
  symlinkSync('../../outside', `${at}/root/a/evil`);
  expect(() => root.resolve('a/evil/x')).toThrow('symlink');
  expect(() => root.resolve('a/evil/deep/x')).toThrow('symlink');
});

test('forget makes it look again', () => {
  const at = plant();
  const root = new DestinationRoot(`${at}/root`);
  root.resolve('a/x');
  renameSync(`${at}/root/a`, `${at}/root/a-was`);
  symlinkSync('../outside', `${at}/root/a`);
  root.forget();
  expect(() => root.resolve('a/x')).toThrow('symlink');
});

test('keep-dirlinks passes links to directories only', () => {
  const root = new DestinationRoot(`${plant()}/root`, { followDirlinks: true });
  expect(root.resolve('inner/x')).toBe(`${root.path}/inner/x`);
  expect(root.resolve('link/x')).toBe(`${root.path}/link/x`);
  expect(() => root.resolve('tofile/x')).toThrow(UnsafePathError);
});

test('confined, a link must stay inside', () => {
  const at = plant();
  symlinkSync(`${at}/root`, `${at}/root/a/up`);
  const root = new DestinationRoot(`${at}/root/`, { followDirlinks: true, confine: true });
  expect(root.resolve('inner/x')).toBe(`${at}/root/inner/x`);
  expect(root.resolve('a/up/x')).toBe(`${at}/root/a/up/x`);
  expect(() => root.resolve('link/x')).toThrow('leads out');
});

test('the root itself may be reached through links', () => {
  const at = plant();
  symlinkSync('root', `${at}/alias`);
  const root = new DestinationRoot(`${at}/alias`);
  expect(root.resolve('a/x')).toBe(`${at}/alias/a/x`);
});

test('the working directory as root', () => {
  const root = new DestinationRoot('');
  expect(root.pathOf('a')).toBe('a');
  expect(root.pathOf('.')).toBe('.');
  rmSync(`${temporaryDirectory()}/none`, { force: true });
});
