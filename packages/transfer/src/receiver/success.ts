import { lstat } from '@deltawire/filesystem';
import { encodeMessageValue, MessageTag } from '@deltawire/protocol';
import type { Session } from '../session.ts';

/**
 * Tell the sender that what `ndx` names is in place at `path`, where it is to remove it at the source
 * (docs/spec/data.md §9.9).
 */
export function reportSuccess(session: Session, ndx: number, path: string): void {
  const { removeSourceFiles, dryRun } = session.options;
  if (!removeSourceFiles || dryRun) return;
  if (session.placed !== undefined) {
    const found = lstat(path);
    if (found !== undefined) session.placed.set(ndx, found);
  }
  session.wire.message(MessageTag.SUCCESS, encodeMessageValue(ndx));
}
