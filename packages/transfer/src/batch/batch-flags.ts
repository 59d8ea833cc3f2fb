import { BatchFlag } from '@deltawire/protocol';
import type { TransferOptions } from '../options.ts';

/** One option that a batch remembers. */
interface BatchOption {
  readonly flag: number;
  /** As messages name it. */
  readonly name: string;
  isSet(options: TransferOptions): boolean;
  /** What the options become. */
  change(set: boolean): Partial<TransferOptions>;
}

/** In the order of the flags. Those without a name here have no option yet. */
const BATCH_OPTIONS: readonly BatchOption[] = [
  {
    flag: BatchFlag.RECURSE,
    name: '--recurse (-r)',
    isSet: (o) => o.recursive,
    change: (recursive) => ({ recursive }),
  },
  {
    flag: BatchFlag.OWNER,
    name: '--owner (-o)',
    isSet: (o) => o.owner,
    change: (owner) => ({ owner }),
  },
  {
    flag: BatchFlag.GROUP,
    name: '--group (-g)',
    isSet: (o) => o.group,
    change: (group) => ({ group }),
  },
  {
    flag: BatchFlag.LINKS,
    name: '--links (-l)',
    isSet: (o) => o.links,
    change: (links) => ({ links }),
  },
  {
    flag: BatchFlag.DEVICES,
    name: '--devices (-D)',
    isSet: (o) => o.devices,
    change: (devices) => ({ devices }),
  },
  {
    flag: BatchFlag.HARD_LINKS,
    name: '--hard-links (-H)',
    isSet: (o) => o.hardLinks,
    change: (hardLinks) => ({ hardLinks }),
  },
  {
    flag: BatchFlag.CHECKSUM,
    name: '--checksum (-c)',
    isSet: (o) => o.checksum,
    change: (checksum) => ({ checksum }),
  },
  {
    flag: BatchFlag.DIRS,
    name: '--dirs (-d)',
    isSet: (o) => o.dirs || o.recursive,
    change: (dirs) => ({ dirs }),
  },
  {
    flag: BatchFlag.COMPRESS,
    name: '--compress (-z)',
    isSet: (o) => o.compress !== undefined && o.compress !== 'none',
    change: (set) => ({ compress: set ? 'zlib' : undefined }),
  },
  {
    flag: BatchFlag.ACLS,
    name: '--acls (-A)',
    isSet: (o) => o.acls,
    change: (acls) => ({ acls }),
  },
  {
    flag: BatchFlag.ACLS,
    name: '--acls (-A)',
    isSet: (o) => o.acls,
    change: (acls) => ({ acls }),
  },
  {
    flag: BatchFlag.XATTRS,
    name: '--xattrs (-X)',
    isSet: (o) => o.xattrs > 0,
    change: (set) => ({ xattrs: set ? 1 : 0 }),
  },
  {
    flag: BatchFlag.INPLACE,
    name: '--inplace',
    isSet: (o) => o.inplace,
    change: (inplace) => ({ inplace }),
  },
  {
    flag: BatchFlag.APPEND,
    name: '--append',
    isSet: (o) => o.append === 1,
    change: (set) => ({ append: set ? 1 : 0 }),
  },
  {
    flag: BatchFlag.APPEND_VERIFY,
    name: '--append-verify',
    isSet: (o) => o.append === 2,
    change: (set) => ({ append: set ? 2 : 0 }),
  },
];

/** What a batch that is made with `options` begins with. */
export function batchFlags(options: TransferOptions): number {
  let flags = 0;
  for (const { flag, isSet } of BATCH_OPTIONS) if (isSet(options)) flags |= flag;
  return flags;
}

/** `options` as a batch with these flags needs them, and what was changed. */
export function matchBatch(
  options: TransferOptions,
  flags: number,
): { options: TransferOptions; changes: string[] } {
  let matched = options;
  const changes: string[] = [];
  for (const { flag, name, isSet, change } of BATCH_OPTIONS) {
    const set = (flags & flag) !== 0;
    if (set === isSet(options)) continue;
    matched = { ...matched, ...change(set) };
    changes.push(`${set ? 'Setting' : 'Clearing'} the ${name} option to match the batchfile.\n`);
  }
  return { options: matched, changes };
}
