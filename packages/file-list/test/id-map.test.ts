import { expect, test } from 'vitest';
import { IdMapper, parseIdMap } from '../src/id-map.ts';

const local: Readonly<Record<string, number>> = { root: 0, daemon: 1, nobody: 65_534, me: 1000 };
const lookup = (name: string): number | undefined => local[name];

function mapper(text: string, numericIds = false): IdMapper {
  return new IdMapper({ rules: parseIdMap(text, 'usermap', lookup).rules, lookup, numericIds });
}

const names = {
  entries: [
    { id: 1, name: 'daemon' },
    { id: 2, name: 'bin' },
    { id: 65_534, name: 'nobody' },
  ],
  id0Name: 'root',
};

test('without rules the name decides, else the number', () => {
  const ids = new IdMapper({ lookup });
  expect(ids.map(500, 'me')).toBe(1000);
  expect(ids.map(500)).toBe(1000);
  expect(ids.map(501, 'stranger')).toBe(501);
  expect(ids.map(502)).toBe(502);
  // Root stays root, even where another id has that name.
  expect(ids.map(0, 'me')).toBe(0);
});

test('the first rule that matches decides', () => {
  const ids = mapper('nobody:77,0-1:99,*:55');
  ids.addNames(names);
  expect([0, 1, 2, 12_345, 65_534].map((id) => ids.map(id))).toEqual([99, 99, 55, 55, 77]);
});

test('wildcards match names, numbers match ids', () => {
  const ids = mapper('d*:66,12345:44');
  ids.addNames(names);
  expect([1, 2, 12_345].map((id) => ids.map(id))).toEqual([66, 2, 44]);
});

test('an empty FROM is for ids without a name', () => {
  const ids = mapper(':8,root:9');
  ids.addNames({ entries: [], id0Name: undefined });
  expect([0, 5].map((id) => ids.map(id))).toEqual([9, 8]);
});

test('numeric ids have no names', () => {
  const ids = mapper('daemon:nobody,root:5,3:4,:8', true);
  ids.addNames(names);
  expect([0, 1, 3].map((id) => ids.map(id, 'daemon'))).toEqual([8, 8, 4]);
  expect(mapper('', true).map(500, 'me')).toBe(500);
});

test.each([
  ['x', 'No colon found in --usermap: x'],
  ['a:1,', 'No colon found in --usermap: '],
  ['a:', 'No name found after colon --usermap: a:'],
  ['1-:5', 'Invalid number in --usermap: 1-'],
  ['5-a:6', 'Invalid number in --usermap: 5-a'],
  ['12345*:8', 'Invalid number in --usermap: 12345*'],
  ['0x5:3', 'Invalid number in --usermap: 0x5'],
  ['5:99999999999', 'Invalid ID number: 99999999999'],
])('%s is refused', (text, message) => {
  expect(() => parseIdMap(text, 'usermap', lookup)).toThrow(message);
});

test('unknown targets are told and dropped', () => {
  const { rules, warnings } = parseIdMap('a:nosuch,b:nobody,-5:3x', 'groupmap', lookup);
  expect(warnings).toEqual([
    'Unknown --groupmap name on receiver: 3x',
    'Unknown --groupmap name on receiver: nosuch',
  ]);
  expect(rules).toEqual([{ from: { kind: 'name', name: 'b' }, to: 65_534 }]);
});
