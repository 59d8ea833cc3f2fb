import { ProtocolError } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { FileListStore } from '../src/file-list-store.ts';
import { entries } from './entries.ts';

function receivingStore(): FileListStore {
  return new FileListStore({ incremental: true, directorySort: true, receiving: true });
}

/** The walk of docs/spec/data.md §3.12. */
function capturedWalk(): FileListStore {
  const store = receivingStore();
  store.add(entries('7', 'a/', 'b/', 'c/', './'));
  store.add(entries('a/x/', 'a/y/', 'a/6'), { directory: 1 });
  store.add(entries('a/x/q/', 'a/x/4'), { directory: 4 });
  store.add(entries('a/x/q/5'), { directory: 6 });
  store.add(entries('a/y/3'), { directory: 5 });
  store.add(entries('b/2', 'b/z/'), { directory: 2 });
  store.add(entries('b/z/1'), { directory: 7 });
  store.add(entries('c/8'), { directory: 3 });
  return store;
}

test('numbers lists with gaps', () => {
  const store = capturedWalk();
  expect(store.lists.map((list) => list.start)).toEqual([1, 7, 11, 14, 16, 18, 21, 23]);
  expect(store.entryCount).toBe(16);
  expect(store.nextStart).toBe(25);
});

test('an index names an entry or the directory of a list', () => {
  const store = capturedWalk();
  const name = (ndx: number): string | undefined => {
    const found = store.byNdx(ndx);
    return found && `${found.entry.name} ${found.position}`;
  };
  expect(name(0)).toBe('. -1');
  expect(name(1)).toBe('. 0');
  expect(name(5)).toBe('c 4');
  expect(name(6)).toBe('a -1');
  expect(name(7)).toBe('a/6 0');
  expect(name(13)).toBe('a/x/q -1');
  expect(name(23)).toBe('c/8 0');
  expect(name(24)).toBeUndefined();
  expect(name(-5)).toBeUndefined();
});

test('hard links count in sending order', () => {
  const store = capturedWalk();
  expect(store.byWireIndex(1)?.entry.name).toBe('7');
  expect(store.byWireIndex(9)?.entry.name).toBe('a/6');
  expect(store.byWireIndex(6)).toBeUndefined();
});

test('empty lists have a gap index of their own', () => {
  const store = receivingStore();
  store.add(entries('./', 'a/', 'b/'));
  store.add([], { directory: 1 });
  store.add(entries('b/f'), { directory: 2 });
  expect(store.byNdx(4)?.entry.name).toBe('a');
  expect(store.byNdx(5)?.entry.name).toBe('b');
  expect(store.byNdx(6)?.entry.name).toBe('b/f');
});

test('a retired list takes its indexes along', () => {
  const store = capturedWalk();
  expect(store.retireOldest()?.start).toBe(1);
  expect(store.byNdx(1)).toBeUndefined();
  expect(store.byNdx(0)).toBeUndefined();
  expect(store.byNdx(6)?.entry.name).toBe('a');
  expect(store.liveCount).toBe(11);
  expect(store.oldest?.start).toBe(7);
  expect(store.newest?.start).toBe(23);
});

test('without incremental recursion there is one list from 0 and no gap', () => {
  const store = new FileListStore({ incremental: false, directorySort: true, receiving: true });
  store.add(entries('./', 'a/', 'a/f', 'a/f'));
  expect(store.byNdx(0)?.entry.name).toBe('.');
  expect(store.byNdx(-1)).toBeUndefined();
  expect(store.byNdx(3)).toMatchObject({ dropped: true });
  expect(store.directories.length).toBe(0);
});

test('without a `.` entry the gap before the first list names nothing', () => {
  const store = receivingStore();
  store.add(entries('a/', 'f'));
  expect(store.byNdx(0)).toBeUndefined();
});

test.each<[string, (store: FileListStore) => void]>([
  ['an unknown directory', (store) => store.checkAnnounced(9)],
  ['a negative directory', (store) => store.checkAnnounced(-1)],
  ['a directory listed before', (store) => store.add([], { directory: 1 })],
  ['a duplicate', (store) => store.checkAnnounced(3)],
  ['a name from elsewhere', (store) => store.add(entries('a/x'), { directory: 2 })],
  ['a name further down', (store) => store.add(entries('b/x/y'), { directory: 2 })],
  [
    'a list after the end',
    (store) => {
      store.endOfLists();
      store.checkAnnounced(2);
    },
  ],
  [
    'a list after all were retired',
    (store) => {
      while (store.retireOldest());
      store.checkAnnounced(2);
    },
  ],
])('refuses %s', (_, act) => {
  const store = receivingStore();
  store.add(entries('./', 'a/', 'b/', 'b/'));
  store.add(entries('a/f'), { directory: 1 });
  expect(() => act(store)).toThrow(ProtocolError);
});

test('names of absolute relative arguments lose their slash after sorting', () => {
  const store = new FileListStore({
    incremental: true,
    directorySort: true,
    receiving: true,
    stripRoot: true,
  });
  const first = store.add(entries('/tmp/', '/./', 'z'));
  expect(first.entries.map(({ name }) => name)).toEqual(['z', '.', 'tmp']);
  const second = store.add(entries('/tmp/f'), { directory: 1 });
  expect(second.entries[0]?.name).toBe('tmp/f');
});

test('a list can be adjusted before its directories are numbered', () => {
  const store = receivingStore();
  store.add(entries('./', 'a/'), { prepare: (list) => list.drop(1) });
  expect(store.directories.get(1)?.dropped).toBe(true);
});
