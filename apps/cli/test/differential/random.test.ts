/**
 * Random trees and options, the same for the same seed. `DIFFERENTIAL_SEED=7 DIFFERENTIAL_CASES=500` goes
 * on from another seed for as many cases as one has time for.
 */
import { afterAll, expect, test } from 'vitest';
import { Differential, needsRoot } from './harness.ts';
import { randomCase } from './random-cases.ts';
import { VARIANTS } from './variants.ts';

const FIRST = Number(process.env.DIFFERENTIAL_SEED ?? 1);
const COUNT = Number(process.env.DIFFERENTIAL_CASES ?? 40);
const CASE_MS = 130_000;

process.umask(0o022);
const differential = new Differential();
afterAll(() => differential[Symbol.asyncDispose](), CASE_MS);

const IS_ROOT = process.getuid?.() === 0;

const jobs = Array.from({ length: COUNT }, (_, i) => {
  const subject = randomCase(FIRST + i);
  return { name: subject.name, subject, variant: VARIANTS[(FIRST + i) % VARIANTS.length]! };
}).filter(({ subject }) => IS_ROOT || !needsRoot(subject));

test.concurrent.each(jobs)(
  '$name, $variant',
  { timeout: CASE_MS },
  async ({ subject, variant }) => {
    const reference = await differential.reference(subject, variant);
    const ours = await differential.ours(subject, variant);
    // Which name of a file is sent depends on how many lists have arrived.
    const free = subject.options.includes('-H') && !subject.options.includes('--no-i-r');
    expect(free ? { ...ours, stdout: reference.stdout } : ours).toEqual(reference);
  },
);
