import type { FileList, FileListStore } from '@deltawire/file-list';
import type { Session } from './session.ts';

/**
 * Tell the one who watches that a list, or a phase, has come to its end: everything in `list` (the
 * oldest one before the first item) has been checked.
 */
export function reportChecked(
  session: Session,
  store: FileListStore,
  list: FileList | undefined,
): void {
  const last = list ?? store.lists[0];
  if (session.server || !session.observed || last === undefined) return;
  const { stats } = session;
  const total = store.entryCount;
  session.emit({
    kind: 'checked',
    files: {
      transferred: stats.transferredFiles,
      toCheck: total - last.entriesBefore - last.length,
      total,
      listsComplete: store.complete,
    },
    totalBytes: stats.transferredSize,
    totalSize: stats.totalSize,
  });
}
