import { afterAll, expect, test } from 'vitest';
import { DAEMON_TABLE, OPTION_TABLE } from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

test.for([OPTION_TABLE, DAEMON_TABLE])('no spelling stands for two options', (table) => {
  const spellings = table.flatMap((row) => [
    ...[row.name, ...row.aliases, ...row.negations].filter(Boolean).map((name) => `--${name}`),
    ...(row.short === '' ? [] : [`-${row.short}`]),
  ]);
  expect(spellings.length).toBe(new Set(spellings).size);
});

/** Long names that the real program was seen to know, with `=` where it takes an argument. */
const NAMES = OPTION_TABLE.filter((row) => row.status !== 'own').flatMap((row) => [
  ...[row.name, ...row.aliases]
    .filter(Boolean)
    .map((name) => `--${name}${row.argument === undefined ? '' : '='}`),
  ...row.negations.map((name) => `--${name}`),
]);

/** Ask the real program about many command lines, a few at a time. */
async function messages(lines: readonly string[][]): Promise<string[]> {
  const answers: string[] = [];
  const queue = lines.entries();
  const worker = async (): Promise<void> => {
    for (const [index, line] of queue) answers[index] = (await real.run(line)).message;
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return answers;
}

test('the real program knows every spelling, and wants an argument where we do', async () => {
  // As the last word, an option with an argument lacks it; with a value, one without has one too many.
  const answers = await messages(
    NAMES.map((name) => (name.endsWith('=') ? ['a', 'b', name.slice(0, -1)] : [`${name}=5`])),
  );
  const wrong = NAMES.filter((name, index) => {
    const wanted = name.endsWith('=') ? 'missing argument' : 'option does not take an argument';
    return !answers[index]!.includes(wanted);
  });
  expect(wrong).toEqual([]);
}, 20_000);

test('no negation of a long or short name is missing', async () => {
  const known = new Set(OPTION_TABLE.flatMap((row) => row.negations));
  const candidates = OPTION_TABLE.filter((row) => row.status !== 'own')
    .flatMap((row) => [row.name, ...row.aliases, row.short])
    .filter((name) => name !== '' && name !== '@')
    .map((name) => `no-${name}`)
    .filter((name) => !known.has(name));
  const answers = await messages(candidates.map((name) => [`--${name}=5`]));
  expect(candidates.filter((_, index) => !answers[index]!.includes('unknown option'))).toEqual([]);
}, 20_000);

test('every letter of the real program is there', async () => {
  const ours = OPTION_TABLE.map((row) => row.short).filter(Boolean);
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@'];
  const answers = await messages(letters.map((letter) => ['a', 'b', `-${letter}`, '--bogus']));
  const known = letters.filter((l, index) => !answers[index]!.includes(`-${l}: unknown option`));
  expect(known.sort()).toEqual(ours.sort());
}, 20_000);
