import { afterAll, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { EXPECTED } from './expected-differences.ts';
import {
  ASPECTS,
  type Aspect,
  Differential,
  type DifferentialCase,
  needsRoot,
  type Observation,
  VARIANTS,
  type Variant,
} from './harness.ts';

/** `DIFFERENTIAL=all` runs every case in every variant; otherwise each case runs in some. */
const RUNS_ALL = process.env.DIFFERENTIAL === 'all';
const REMOTE = VARIANTS.filter((variant) => variant !== 'local');
/** Longer than a program may run, so that the one which does not end is named. */
const CASE_MS = 130_000;

process.umask(0o022);
const differential = new Differential();
afterAll(() => differential[Symbol.dispose](), CASE_MS);

/** Locally, and in one of the remote variants by turns: over all cases each of them is well covered. */
function variantsOf({ variants = VARIANTS }: DifferentialCase, index: number): Variant[] {
  if (RUNS_ALL) return [...variants];
  const remote = REMOTE[index % REMOTE.length]!;
  const chosen = variants.filter((variant) => variant === 'local' || variant === remote);
  return chosen.length > 0 ? chosen : variants.slice(0, 1);
}

const IS_ROOT = process.getuid?.() === 0;

const jobs = CASES.filter((subject) => IS_ROOT || !needsRoot(subject)).flatMap((subject, index) =>
  variantsOf(subject, index).map((variant) => ({ name: subject.name, variant, subject })),
);

test.concurrent.each(jobs)(
  '$name, $variant',
  { timeout: CASE_MS },
  async ({ name, variant, subject }) => {
    const base = variant.replace('served-', '') as Variant;
    const reference = await differential.reference(subject, base);
    const ours = await differential.ours(subject, variant);
    const aspects = expectedAspects(name, variant);
    expect(without(ours, aspects)).toEqual(without(reference, aspects));
    for (const aspect of aspects) {
      expect(ours[aspect], `${aspect} is as rsync's: no longer a difference`).not.toEqual(
        reference[aspect],
      );
    }
  },
);

function expectedAspects(name: string, variant: Variant): readonly Aspect[] {
  return EXPECTED.filter((difference) => difference.name === name)
    .filter((difference) => difference.variants.includes(variant))
    .flatMap((difference) => difference.aspects);
}

function without(observation: Observation, aspects: readonly Aspect[]): Partial<Observation> {
  const kept = ASPECTS.filter((aspect) => !aspects.includes(aspect));
  return Object.fromEntries(kept.map((aspect) => [aspect, observation[aspect]]));
}

test('names are unique, and expected differences are about cases that exist', () => {
  const names = CASES.map((subject) => subject.name);
  expect(new Set(names).size).toBe(names.length);
  expect(EXPECTED.filter((difference) => !names.includes(difference.name))).toEqual([]);
});
