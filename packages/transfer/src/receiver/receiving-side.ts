import { FileListStore, IdMapper, parseChmod, parseIdMap } from '@deltawire/file-list';
import { createFilter, type FilterRule } from '@deltawire/filters';
import { type FileEntry, NDX_FLIST_EOF, NDX_FLIST_OFFSET } from '@deltawire/protocol';
import { planBlocks } from '@deltawire/signature';
import { LocalAcls } from '../local-acls.ts';
import { LocalXattrs } from '../local-xattrs.ts';
import type { IsHidden } from '../module-rules.ts';
import { signatureReporter } from '../pipeline/report-signatures.ts';
import { type PipelineOptions, SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import { readMergeFile, ruleRoot } from '../source-files.ts';
import { AclPolicy } from './acl-policy.ts';
import { Alternates } from './alternates.ts';
import { AttributePolicy } from './attributes.ts';
import { Backups } from './backups.ts';
import { DelayedUpdates } from './delayed-updates.ts';
import { Deleter } from './delete.ts';
import { openDestination, openTempDirectory } from './destination.ts';
import { FilterTree } from './filter-tree.ts';
import { Generator } from './generator.ts';
import { LateXattrs } from './late-xattrs.ts';
import { ListReader } from './list-reader.ts';
import { LocalCopier } from './local-copy.ts';
import { PartialFiles } from './partial-files.ts';
import { QuickCheck } from './quick-check.ts';
import { FileReceiver } from './receive-file.ts';
import { Receiver } from './receiver.ts';
import { ReceivingState } from './state.ts';
import { XattrPolicy } from './xattr-policy.ts';

/** What the receiving side is to do. */
export interface ReceivingJob {
  readonly destination: string;
  readonly filters: readonly FilterRule[];
  /** What a daemon hides is not written and not removed. */
  readonly isHidden: IsHidden | undefined;
  /** Links must not lead out of the transfer: a daemon without a chroot. */
  readonly clipsLinks: boolean;
  /** A daemon's module: alternate directories lie inside. */
  readonly moduleRoot: string | undefined;
  readonly checkName: (entry: FileEntry) => void;
  readonly pipeline: PipelineOptions;
}

/**
 * Generator and receiver of one transfer, as two tasks over one connection: the one owns what is
 * written, the other what is read, and neither waits for the other to move.
 */
export async function runReceivingSide(session: Session, job: ReceivingJob): Promise<void> {
  const { options, agreement, wire } = session;
  const { dialect } = agreement;
  const store = new FileListStore({
    incremental: dialect.incRecurse,
    directorySort: dialect.directorySort,
    receiving: true,
    wireIndexes: session.charset !== undefined,
    stripRoot: options.relative,
  });
  const { filter, filters } = receiverFilter(session, job);
  const local = LocalXattrs.open(session, job.filters);
  const xattrs = local && new XattrPolicy(session, local);
  const users = idMapper(session, 'usermap');
  const groups = idMapper(session, 'groupmap');
  const localAcls = LocalAcls.open(session);
  const acls = localAcls && new AclPolicy(session, localAcls, { users, groups });
  const lists = new ListReader({
    session,
    store,
    users,
    groups,
    acls,
    chmod: session.server || options.chmod === '' ? [] : parseChmod(options.chmod),
    checkName: job.checkName,
    clipsLinks: job.clipsLinks,
    xattrs,
    filter,
  });
  const { protocol, incRecurse: incremental } = dialect;
  const about = { kind: 'list', protocol, direction: 'receiving', incremental } as const;
  session.emit({ ...about, state: 'start', files: 0 });
  const state = new ReceivingState(store);
  const first = await lists.read();
  session.emit({ ...about, state: 'done', files: first.length });
  if (!incremental) {
    store.endOfLists();
    state.complete = true;
  }
  const states = [state.addList(first)];
  if (incremental && first.length <= 1)
    states.push(...(await readSecondList(session, state, lists)));
  if (first.length === 0 && !session.server) return;
  const destination = openDestination(
    session,
    job.destination,
    first.entries,
    store.entryCount,
    job.moduleRoot,
  );
  const tempDir = openTempDirectory(session, destination);
  const backups = Backups.open(session, destination, { xattrs, acls });
  const partials = PartialFiles.open(session, destination);
  const delayed =
    partials === undefined || !options.delayUpdates
      ? undefined
      : new DelayedUpdates({ session, partials, backups });
  const attributes = new AttributePolicy(session, xattrs, acls);
  const check = new QuickCheck(session, attributes);
  const signatures = new SignatureCache({
    noAtime: options.openNoatime,
    checksum: agreement.checksum,
    plan: (length, full) =>
      planBlocks(length, {
        protocol: dialect.protocol,
        digestLength: agreement.checksum.digestLength,
        blockSize: options.blockSize,
        full,
      }),
    stats: session.stats.signatures,
    emit: signatureReporter(session),
    pipeline: job.pipeline,
  });
  const deleter = new Deleter(
    session,
    destination.root,
    new FilterTree(filters(destination.root.path)),
    job.isHidden,
    backups,
  );
  const generator = new Generator({
    session,
    state,
    destination,
    attributes,
    deleter,
    signatures,
    backups,
    partials,
    delayed,
    check,
    alternates: new Alternates({
      session,
      destination: destination.root.path,
      imagined: destination.missing,
      check,
      isHidden: job.isHidden,
      moduleRoot: job.moduleRoot,
    }),
    copier: new LocalCopier(session, attributes, tempDir),
    isHidden: job.isHidden,
  });
  for (const list of states) generator.listArrived(list);
  const receiver = new Receiver({
    session,
    state,
    lists,
    xattrs: xattrs && new LateXattrs(xattrs, attributes, destination),
    files: new FileReceiver({ session, attributes, tempDir, backups, partials, delayed }),
    onList: (list) => generator.listArrived(list),
  });
  session.role = { noSend: (ndx) => receiver.noSend(ndx) };
  session.early = false;
  try {
    await both(session, state, generator.run(), receiver.run());
  } finally {
    session.role = undefined;
    await signatures.close();
    for (const request of state.requests.values()) request.basis?.release();
    for (const { request } of state.answers) request.basis?.release();
  }
  wire.flush();
}

/** Run both tasks; when one fails the other is stopped, and the first failure is reported. */
async function both(
  session: Session,
  state: ReceivingState,
  ...tasks: Promise<void>[]
): Promise<void> {
  let failure: unknown;
  const guarded = tasks.map((task) =>
    task.catch((error: unknown) => {
      failure ??= error;
      session.wire.stopReading(error instanceof Error ? error : new Error(String(error)));
      state.abort(error);
    }),
  );
  await Promise.all(guarded);
  if (failure !== undefined) throw failure;
}

/**
 * A first list with one entry does not tell whether more will come: the sender says so at once
 * (docs/spec/session.md §8.3).
 */
async function readSecondList(
  session: Session,
  state: ReceivingState,
  lists: ListReader,
): Promise<ReturnType<ReceivingState['addList']>[]> {
  const ndx = await session.wire.read((r) => session.ndxIn.read(r));
  if (ndx === NDX_FLIST_EOF) {
    lists.end();
    state.complete = true;
    return [];
  }
  return [state.addList(await lists.read(NDX_FLIST_OFFSET - ndx))];
}

function idMapper(session: Session, kind: 'usermap' | 'groupmap'): IdMapper {
  const { options } = session;
  const numericIds = options.numericIds || options.namelessIds === true;
  const { names } = session;
  const lookup = (name: string): number | undefined =>
    kind === 'usermap' ? names.userId(name) : names.groupId(name);
  const text = kind === 'usermap' ? options.userMap : options.groupMap;
  const { rules, warnings } = parseIdMap(text, kind, lookup);
  for (const warning of warnings) session.warn(`${warning}\n`);
  return new IdMapper({ rules, numericIds, lookup });
}

function receiverFilter(
  session: Session,
  job: ReceivingJob,
): {
  filter: ReturnType<typeof createFilter>;
  filters: (rootPath: string) => ReturnType<typeof createFilter>;
} {
  // As in rsync, what a puller's -C excludes is safe from --delete-excluded.
  const isPuller = !session.server && session.options.cvsExclude;
  const rules = isPuller
    ? job.filters.map((rule) =>
        rule.fromCvsOption ? { ...rule, sender: true, receiver: true } : rule,
      )
    : job.filters;
  const filters = (rootPath: string): ReturnType<typeof createFilter> =>
    createFilter(rules, {
      side: 'receiver',
      deleteExcluded: session.options.deleteExcluded,
      rootPath: ruleRoot(session, rootPath),
      readMergeFile: (path) => readMergeFile(session, rootPath, path),
    });
  return { filter: filters(job.destination), filters };
}
