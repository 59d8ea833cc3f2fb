import { applyAttributes, lstat, xattrCalls } from '@deltawire/filesystem';
import { createFileEntry } from '@deltawire/protocol';
import { makeTree, temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { FakeSuper } from '../src/fake-super.ts';
import type { Session } from '../src/session.ts';

const calls = xattrCalls();
const said: string[] = [];
const session = {
  options: { fakeSuper: true },
  showPath: (path: string) => `"${path}"`,
  transferError: (text: string) => said.push(text),
} as unknown as Session;

test.skipIf(calls === undefined)('what is noted is seen again, and goes when it is no news', () => {
  using dir = temporaryDirectory();
  makeTree(dir.path, { f: 'f\n', link: 'target' });
  const fake = FakeSuper.open(session)!;
  const path = dir.join('f');
  const set = (mode: number, uid: number, rdevMajor = 0): string | undefined => {
    const entry = createFileEntry({ name: 'f', mode, uid, gid: 9, rdevMajor, rdevMinor: 7 });
    const seen = fake.see(path, lstat(path)!);
    const wanted = fake.adapt(entry, { mode: mode & 0o7777, uid, gid: 9 }, seen);
    applyAttributes(path, wanted, fake.realOf(seen), () => {});
    const note = calls!.get(path, 'user.rsync.%stat');
    return note && Buffer.from(note).toString();
  };
  expect(set(0o104500, 5)).toBe('104500 0,0 5:9');
  expect(lstat(path)).toMatchObject({ type: 'file', mode: 0o100700 });
  expect(fake.see(path, lstat(path)!)).toMatchObject({ mode: 0o104500, uid: 5, gid: 9 });
  expect(set(0o20600, 5, 1)).toBe('20600 1,7 5:9');
  const device = fake.see(path, lstat(path)!);
  expect(device).toMatchObject({ type: 'char', rdevMajor: 1, rdevMinor: 7, size: 0 });
  expect(fake.realOf(device)).toMatchObject({ type: 'file' });
  const { uid, gid } = lstat(path)!;
  const plain = createFileEntry({ name: 'f', mode: 0o100644, uid, gid });
  applyAttributes(
    path,
    fake.adapt(plain, { mode: 0o644, uid, gid }, device),
    lstat(path)!,
    () => {},
  );
  expect(calls!.list(path)).not.toContain('user.rsync.%stat');
});

test.skipIf(calls === undefined)('links, and notes that are none', () => {
  using dir = temporaryDirectory();
  makeTree(dir.path, { link: 'target', 'd/': null });
  const fake = FakeSuper.open(session)!;
  const note = (name: string, text: string): void =>
    calls!.set(dir.join(name), 'user.rsync.%stat', Buffer.from(text));
  const see = (name: string): ReturnType<FakeSuper['see']> =>
    fake.see(dir.join(name), lstat(dir.join(name))!);
  note('link', '120777 0,0 1:2');
  expect(fake.linkTarget(dir.join('link'), see('link'))).toBe('target');
  note('d', '100644 0,0 1:2'); // a directory is no file
  expect(see('d').type).toBe('directory');
  note('link', '40755 0,0 1:2');
  expect(see('link').type).toBe('file');
  expect(said).toEqual([]);
  note('link', 'nonsense');
  expect(see('link').type).toBe('file');
  expect(said).toEqual([
    `Corrupt user.rsync.%stat xattr attached to "${dir.join('link')}": "nonsense"\n`,
  ]);
});
