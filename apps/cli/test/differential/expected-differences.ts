import type { Aspect } from './harness.ts';
import { oursReceives, VARIANTS, type Variant } from './variants.ts';

/** A difference that is meant, or that cannot be helped. One that is gone makes the tests fail, too. */
export interface ExpectedDifference {
  /** Name of the case. */
  readonly name: string;
  readonly variants: readonly Variant[];
  readonly aspects: readonly Aspect[];
  readonly reason: string;
}

/** Those in which our side is the one that receives. */
const RECEIVES: readonly Variant[] = VARIANTS.filter(oursReceives);
const ALL = VARIANTS;

/** All differences there are, with their reasons: docs/interop.md has them as a table. */
export const EXPECTED: readonly ExpectedDifference[] = [
  {
    name: 'fresh -a --info=stats3',
    variants: ALL,
    aspects: ['stdout'],
    reason: "rsync's third level prints statistics of the C library's memory allocator",
  },
  {
    name: 'update -aivv --delete --stats',
    variants: ALL,
    aspects: ['stdout'],
    reason: '-vv makes --stats the third level',
  },
  {
    name: 'list-only, with destination',
    variants: ['served-push'],
    aspects: ['stdout'],
    reason: 'lists are printed by the program that talks to the user; a server prints none',
  },
  {
    name: 'as user, read-only directory',
    variants: RECEIVES,
    aspects: ['tree'],
    reason:
      'rsync leaves a directory that the sender cannot read with mode 0700 instead of its own',
  },
  {
    name: 'types -ai --ignore-existing',
    variants: RECEIVES,
    aspects: ['stdout', 'stderr', 'tree'],
    reason: 'a file is not written through a link that stands where its directory should be',
  },
  {
    name: 'planted link: a new directory below it',
    variants: RECEIVES,
    aspects: ['tree'],
    reason: 'rsync makes the directory before it refuses to enter it',
  },
  {
    name: 'iconv: -ai, what cannot be received in a directory',
    variants: ['local', 'served-push'],
    aspects: ['code', 'stdout', 'stderr', 'tree'],
    reason:
      'a name in a sub-directory that cannot be converted ends a run of rsync; here it is left out',
  },
  {
    name: 'replacing: -ai --append-verify --protocol=29',
    variants: ['served-push'],
    aspects: ['stdout', 'stderr'],
    reason:
      "below protocol 30 the real server prints this warning to the remote shell's error output; ours sends it as text",
  },
];
