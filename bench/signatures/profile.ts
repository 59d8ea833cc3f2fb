import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds that a process and its threads spent with each activity. */
export type Profile = Record<Activity, number>;

/** In the order of the table. */
export const ACTIVITIES = [
  'reading, for block sums',
  'block sums',
  'reading, for the delta',
  'sum of the whole file',
  'writing',
  'names, attributes, descriptors',
  'sockets',
  'garbage collection',
  'JavaScript and the rest',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** Arguments with which Node leaves a profile of each thread in a directory. */
export const profileArguments = (directory: string): string[] => [
  '--cpu-prof',
  `--cpu-prof-dir=${directory}`,
  '--cpu-prof-interval=250',
];

/** What Node writes, as far as it is read here. Times are microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Add up the profiles that {@link profileArguments} left. */
export function readProfiles(directory: string): Profile {
  const total = Object.fromEntries(ACTIVITIES.map((activity) => [activity, 0])) as Profile;
  for (const name of readdirSync(directory)) {
    addProfile(total, JSON.parse(readFileSync(`${directory}/${name}`, 'utf8')) as CpuProfile);
  }
  return total;
}

/** Add the times of one thread. */
export function addProfile(total: Profile, { nodes, samples, timeDeltas }: CpuProfile): void {
  const parents = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const activities = new Map<number, Activity | undefined>();
  for (const { id } of nodes) {
    const stack: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      stack.push(frames.get(at)!.functionName);
    }
    activities.set(id, activityOf(stack));
  }
  samples.forEach((id, i) => {
    const activity = activities.get(id);
    if (activity !== undefined) total[activity] += (timeDeltas[i] ?? 0) / 1000;
  });
}

const WAITING = new Set(['(idle)', 'atomicsWaitLoop']);
const SIGNING = new Set(['signInto', 'signSync', 'hashBlocks']);
const FILE_CALLS = new Set(
  'open close rename lstat fstat stat futimens utimes fchmod chmod lchown fchown mkdir unlink ftruncate'.split(
    ' ',
  ),
);
const SOCKET_CALLS = new Set(['writev', 'writeBuffer', 'writeUtf8String', 'readStart', 'shutdown']);

/** What a stack of function names, the innermost first, is about; undefined when it waits. */
function activityOf(stack: readonly string[]): Activity | undefined {
  const [leaf = ''] = stack;
  const within = (names: ReadonlySet<string>): boolean => stack.some((name) => names.has(name));
  if (WAITING.has(leaf)) return undefined;
  if (leaf === '(garbage collector)') return 'garbage collection';
  const signing = within(SIGNING);
  if (leaf === 'read') return signing ? 'reading, for block sums' : 'reading, for the delta';
  if (leaf === 'writeBuffer' && stack.includes('writeSync')) return 'writing';
  if (FILE_CALLS.has(leaf)) return 'names, attributes, descriptors';
  if (SOCKET_CALLS.has(leaf)) return 'sockets';
  if (signing) return 'block sums';
  return stack.includes('update') ? 'sum of the whole file' : 'JavaScript and the rest';
}
