import type { Aspect } from './harness.ts';
import { oursReceives, usesDaemon, VARIANTS, type Variant } from './variants.ts';

/** A difference that is meant, or that cannot be helped. One that is gone makes the tests fail, too. */
export interface ExpectedDifference {
  /** Name of the case, or what the names of several begin with in front of a `*`. */
  readonly name: string;
  readonly variants: readonly Variant[];
  /** Not compared; one of them at least has to be different. */
  readonly aspects: readonly Aspect[];
  readonly reason: string;
}

/** Those in which our side is the one that receives. */
const RECEIVES: readonly Variant[] = VARIANTS.filter(oursReceives);
const ALL = VARIANTS;
/** Those in which our daemon, which a real one is compared with, sends or receives. */
const DAEMON_SENDS: readonly Variant[] = ['daemon-served-pull', 'daemon-both-pull'];
const DAEMON_RECEIVES: readonly Variant[] = ['daemon-served-push', 'daemon-both-push'];
/** Both ends are ours. */
const BOTH = VARIANTS.filter((variant) => variant.includes('both-'));

/** Cases of `--files-from` in which there is a list. */
const LISTS = [
  'plain',
  '-v',
  'recursive',
  'not relative',
  'no implied directories',
  'NUL',
  'CR LF',
  'dots',
  'delete',
  'duplicates',
  'dry run',
  'standard input',
  'list is remote',
].map((name) => `files-from: ${name}`);

/** Whether a difference is about the case of that name. */
export const isAbout = (difference: ExpectedDifference, name: string): boolean =>
  difference.name.endsWith('*')
    ? name.startsWith(difference.name.slice(0, -1))
    : name === difference.name;

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
    variants: ['served-push', 'both-push', ...DAEMON_RECEIVES],
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
    variants: RECEIVES.filter((variant) => !usesDaemon(variant)),
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
    variants: ['served-push', 'both-push'],
    aspects: ['stdout', 'stderr'],
    reason:
      "below protocol 30 the real server prints this warning to the remote shell's error output; ours sends it as text",
  },
  {
    name: 'filter: too modern',
    variants: BOTH,
    aspects: ['stderr'],
    reason: 'the server, too, says that the connection ended',
  },
  ...['choose -ai --qsort', 'devices -ai --copy-devices', 'devices -aci --copy-devices'].map(
    (name): ExpectedDifference => ({
      name,
      variants: DAEMON_SENDS,
      aspects: ['code', 'stderr'],
      reason:
        "rsync's daemon resets the connection when it refuses an option, and the client's code is 10; here it hears why",
    }),
  ),
  ...['planted link: --files-from, --insecure-links', ...LISTS].map(
    (name): ExpectedDifference => ({
      name,
      variants: DAEMON_SENDS,
      aspects: ['code', 'stdout', 'stderr', 'tree'],
      reason: "without chroot rsync's daemon takes the files of a list for vanished",
    }),
  ),
  ...['fuzzy: -ayy *', 'fuzzy: -ayyc *'].map(
    (name): ExpectedDifference => ({
      name,
      variants: DAEMON_RECEIVES,
      aspects: ['code', 'stdout', 'stderr'],
      reason: "without chroot rsync's daemon does not find similar files in other directories",
    }),
  ),
  ...['compare', 'copy', 'link'].map(
    (kind): ExpectedDifference => ({
      name: `alternates: -ai --${kind}-dest=../none *`,
      variants: DAEMON_RECEIVES,
      aspects: ['stdout', 'stderr'],
      reason: 'the warning about a directory shows it as the module has it, not as it was given',
    }),
  ),
  {
    name: 'unreadable source argument',
    variants: DAEMON_SENDS,
    aspects: ['stderr'],
    reason: 'the path begins with the slash of the module',
  },
];
