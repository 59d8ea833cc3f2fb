import { becomeUser, errnoText, groupId, primaryGroup, userId } from '@deltawire/filesystem';
import { ExitCode, RsyncError } from '@deltawire/protocol';

/**
 * `--copy-as=USER[:GROUP]`: from here on this process is that user, with the groups of that user or
 * the one group. There is no way back. Throws with exit code 1.
 *
 * @param spec undefined: nothing happens
 * @param ownsProcess the process is for this run alone; one with other work must stay who it is
 */
export function copyAs(spec: string | undefined, role: string, ownsProcess: boolean): void {
  if (spec === undefined) return;
  if (!ownsProcess) {
    const message =
      '--copy-as makes the whole process another user: use the command, or a process of its own (ownsProcess)';
    throw new RsyncError(message, { code: 'COPY_AS', exitCode: ExitCode.UNSUPPORTED });
  }
  const [, userText = '', groupText] = /^([^:]*)(?::(.*))?$/s.exec(spec)!;
  const uid = numbered(userText) ?? userId(userText);
  if (uid === undefined || userText === '') throw misuse(`Invalid copy-as user: ${userText}`);
  const group =
    groupText === undefined ? undefined : (numbered(groupText) ?? groupId(groupText) ?? null);
  if (group === null) throw misuse(`Invalid copy-as group: ${groupText}`);
  const gid = group ?? primaryGroup(uid);
  if (gid === undefined) throw misuse(`rsync: [${role}] getpwuid failed: Success (0)`);
  try {
    becomeUser(uid, gid, group === undefined);
  } catch (cause) {
    const { syscall = 'setuid' } = cause as { syscall?: string };
    throw misuse(`rsync: [${role}] ${syscall} failed: ${errnoText(cause)}`, cause);
  }
}

const numbered = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Number(text) : undefined;

const misuse = (message: string, cause?: unknown): RsyncError =>
  new RsyncError(message, { code: 'COPY_AS', exitCode: ExitCode.SYNTAX, cause });
