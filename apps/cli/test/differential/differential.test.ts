import { afterAll, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { EXPECTED, isAbout } from './expected-differences.ts';
import {
  ASPECTS,
  type Aspect,
  Differential,
  type DifferentialCase,
  needsRoot,
  type Observation,
} from './harness.ts';
import { REMOTE, usesDaemon, VARIANTS, type Variant } from './variants.ts';

/**
 * Variants to run every case in: `all`, or names with commas between (`DIFFERENTIAL=daemon-pull,push`).
 * By default each case runs in some.
 */
const CHOSEN = process.env.DIFFERENTIAL?.split(',');
/** Longer than a program may run, so that the one which does not end is named. */
const CASE_MS = 130_000;

process.umask(0o022);
const differential = new Differential();
const tally = { cases: new Set<string>(), compared: 0, equal: 0, known: 0 };
afterAll(async () => {
  await differential[Symbol.asyncDispose]();
  if (CHOSEN) console.log(summary());
}, CASE_MS);

/** Where a case can run: those that are about a remote shell have no daemon. */
function possibleVariants(subject: DifferentialCase): readonly Variant[] {
  const { variants = VARIANTS, remotely } = subject;
  return variants.filter((variant) => remotely === undefined || !usesDaemon(variant));
}

/** Locally, and in one of the remote variants by turns: over all cases each of them is well covered. */
function variantsOf(subject: DifferentialCase, index: number): readonly Variant[] {
  const possible = possibleVariants(subject);
  if (CHOSEN) return possible.filter((v) => CHOSEN.includes('all') || CHOSEN.includes(v));
  const remote = REMOTE[index % REMOTE.length]!;
  const chosen = possible.filter((variant) => variant === 'local' || variant === remote);
  return chosen.length > 0 ? chosen : possible.slice(0, 1);
}

const IS_ROOT = process.getuid?.() === 0;

const jobs = CASES.filter((subject) => IS_ROOT || !needsRoot(subject)).flatMap((subject, index) =>
  variantsOf(subject, index).map((variant) => ({ name: subject.name, variant, subject })),
);

test.concurrent.each(jobs)(
  '$name, $variant',
  { timeout: CASE_MS },
  async ({ name, variant, subject }) => {
    const reference = await differential.reference(subject, variant);
    const ours = await differential.ours(subject, variant);
    const expected = EXPECTED.filter((d) => isAbout(d, name) && d.variants.includes(variant));
    const aspects = ASPECTS.filter((aspect) => !expected.some((d) => d.aspects.includes(aspect)));
    tally.cases.add(name);
    tally.compared++;
    expect(only(ours, aspects)).toEqual(only(reference, aspects));
    for (const difference of expected) {
      const found = only(ours, difference.aspects);
      const same = only(reference, difference.aspects);
      expect(found, `${difference.aspects}: no longer a difference`).not.toEqual(same);
    }
    tally[expected.length === 0 ? 'equal' : 'known']++;
  },
);

function summary(): string {
  const { cases, compared, equal, known } = tally;
  const parts = [
    `${cases.size} cases`,
    `${compared} runs compared with rsync's in exit code, output, errors and tree`,
    `${equal} equal`,
    `${known} with differences that are listed`,
    `${compared - equal - known} with others`,
  ];
  return parts.join(', ');
}

function only(observation: Observation, aspects: readonly Aspect[]): Partial<Observation> {
  return Object.fromEntries(aspects.map((aspect) => [aspect, observation[aspect]]));
}

test('names are unique, and expected differences are about cases that exist', () => {
  const names = CASES.map((subject) => subject.name);
  expect(new Set(names).size).toBe(names.length);
  expect(EXPECTED.filter((difference) => !names.some((name) => isAbout(difference, name)))).toEqual(
    [],
  );
});
