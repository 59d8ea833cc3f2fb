import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, compareNames, type NamedItem, sortEntries } from '../src/order.ts';
import { entries, entry, namesOf } from './entries.ts';

interface SortVectors {
  cases: { input: string[]; proto29: string[]; proto28: string[] }[];
  pairs: [string, string, number, number][];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/sort.json', import.meta.url), 'utf8'),
) as SortVectors;

function item(text: string): NamedItem {
  const name = text.replace(/\/$/, '');
  return { name, isDirectory: name !== text || /(^|\/)\.$/.test(name) };
}

test('sorts the recorded lists as rsync does', () => {
  for (const { input, proto29, proto28 } of vectors.cases) {
    expect(namesOf(sortEntries(entries(...input), true))).toEqual(proto29);
    expect(namesOf(sortEntries(entries(...input), false))).toEqual(proto28);
  }
});

test.each(vectors.pairs)('%s against %s', (a, b, since29, before29) => {
  expect(Math.sign(compareNames(item(a), item(b), true))).toBe(since29);
  expect(Math.sign(compareNames(item(b), item(a), true))).toBe(0 - since29);
  expect(Math.sign(compareNames(item(a), item(b), false))).toBe(before29);
});

/** The rules of docs/spec/data.md §4.1, word by word. */
function compareByRules(a: NamedItem, b: NamedItem): number {
  const parts = ({ name, isDirectory }: NamedItem): { text: string; isDirectory: boolean }[] => {
    const components = name.split('/');
    const list = components.map((text, i) => ({
      text,
      isDirectory: isDirectory || i < components.length - 1,
    }));
    return list.at(-1)?.text === '.' && isDirectory ? list.slice(0, -1) : list;
  };
  const [x, y] = [parts(a), parts(b)];
  for (let level = 0; ; level++) {
    const [p, q] = [x[level], y[level]];
    if (!p || !q) return Number(p !== undefined) - Number(q !== undefined);
    if (p.isDirectory !== q.isDirectory) return p.isDirectory ? 1 : -1;
    const [s, t] = p.isDirectory ? [`${p.text}/`, `${q.text}/`] : [p.text, q.text];
    if (s !== t) return s < t ? -1 : 1;
    if (!p.isDirectory) return 0;
  }
}

const component = fc.stringMatching(/^[-.a0\xff]{1,3}$/).filter((part) => part !== '..');
const anyItem = fc.record({
  name: fc
    .array(component, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map((part) => (part === '.' ? 'x' : part)).join('/')),
  isDirectory: fc.boolean(),
});
const rootItem = fc.constantFrom(
  { name: '.', isDirectory: true },
  { name: '/.', isDirectory: true },
  { name: '/a', isDirectory: false },
  { name: '/-', isDirectory: true },
);

test('compares by the rules of the specification', () => {
  fc.assert(
    fc.property(fc.oneof(anyItem, rootItem), fc.oneof(anyItem, rootItem), (a, b) => {
      expect(Math.sign(compareNames(a, b, true))).toBe(compareByRules(a, b));
    }),
    { numRuns: 2000 },
  );
});

test('sorting is stable and agrees with comparing', () => {
  const list = fc.array(fc.oneof({ weight: 9, arbitrary: anyItem }, rootItem), { maxLength: 40 });
  fc.assert(
    fc.property(list, fc.boolean(), (items, directorySort) => {
      const wire = items.map(({ name, isDirectory }, index) =>
        entry(isDirectory ? `${name}/` : name, { size: index }),
      );
      const expected = wire
        .slice()
        .sort((a, b) => compareEntries(a, b, directorySort) || a.size - b.size);
      expect(sortEntries(wire, directorySort)).toEqual(expected);
    }),
  );
});

test('twenty thousand shuffled entries sort in a moment', () => {
  const wire = Array.from({ length: 20_000 }, (_, i) =>
    entry(`dir${(i * 7919) % 200}/file-${(i * 104_729) % 20_011}.txt`),
  );
  const start = performance.now();
  sortEntries(wire, true);
  // Ten milliseconds when warm and alone; the bound is for busy machines.
  expect(performance.now() - start).toBeLessThan(500);
});
