/**
 * Everything that touches a disk. All calls are synchronous; every path, name and link target is a
 * *byte string* (a JavaScript string whose char codes are the bytes 0..255).
 *
 * Paths and errors
 * - `fsPath(path): string | Buffer`, `joinPath(directory, name)`, `directoryName(path)` ('' when none), `baseName(path)`
 * - `errnoText(error)`: "No such file or directory (2)"; `errnoCode(error)`: 'ENOENT' or undefined
 *
 * Reading
 * - `lstat(path)`, `stat(path)`: `FileStat | undefined` (undefined: ENOENT or ENOTDIR), `fstat(fd): FileStat`
 * - `readDirectory(path): string[]` names, without . and ..
 * - `isReadable(path): boolean`
 * - `checkSearchable(path)` throws when those names cannot be looked up
 * - `readLink(path): string`
 * - `openForReading(path, { followLink = true, noAtime = false }): fd`; `closeFile(fd)`; `readAt(fd): (target, position) => number`
 * - `openForWriting(path, mode?): fd` in place; `writeAt(fd, bytes, position)`; `truncateFile(fd, length)`, `syncFile(fd)`
 *
 * Changing
 * - `makeDirectory(path, mode)`, `makeDirectories(path, mode?)` (parents too), `removeDirectory(path)`, `removeFile(path)`,
 *   `removeTree(path)`, `renamePath(from, to)`, `copyContents(source, destination)` (kernel copy, reflink if possible)
 * - `createHardLink(existing, path, { replace })`, `createSymlink(target, path, { replace })`,
 *   `createNode(path, { type, mode, rdevMajor, rdevMinor }, { replace })`: `replace` = temporary name + rename
 * - `class TemporaryFile`: `TemporaryFile.create(destination, { tempDir?, mode })`, `.fd`, `.path`, `.write(bytes, position)`,
 *   `.stat()`, `.apply(wanted, onError)` (owner, times, mode on the descriptor), `.commit(destination?)`,
 *   `.discard()`; `removeLiveTemporaryFiles()` for signal handlers; `temporaryName(name, suffix, inTempDir)`
 *
 * Attributes: `wanted = { mode?, uid?, gid?, mtime?, mtimeNs?, atime?, atimeNs? }` (undefined members are kept)
 * - `applyAttributes(path, wanted, current: FileStat, onError): number` sets what differs, in the order owner, times,
 *   mode, never through a symlink; returns `AttributeChange` bits (OWNER 1, GROUP 2, TIMES 4, MODE 8);
 *   `onError(what: 'owner' | 'group' | 'times' | 'mode', error)`; a symlink's mode is never set
 * - `setTimes(path, { mtime, mtimeNs, atime?, atimeNs? }, { followLink = false })`, `setOwner(path, uid, gid)` (-1 keeps),
 *   `setMode(path, mode)` (fails on a symlink)
 * - `nativeCalls(): NativeCalls | undefined` (node:ffi, koffi or nothing; loaded on first need)
 * - `xattrCalls(): XattrCalls | undefined`: `.list(target)`, `.get(target, name)`, `.set(target, name, value)`,
 *   `.remove(target, name)` of extended attributes, the target being a path (not followed) or a descriptor
 * - `readAcl(target, kind)`, `writeAcl(target, kind, acl | undefined)`: POSIX access-control lists, `access` or `default`
 * - `preallocate(fd, length, extend)`: fallocate(2), where `canPreallocate()`
 * - `deviceAsFile(stat)`: a device as the file that its content would be
 * - `platformSupport`: which of this there is
 *
 * Confinement
 * - `class ConfinedRoot(path)`: `.check(path, followLast)` throws ELOOP for a path that leads out of it
 * - `class TrustedPaths({ insecure, confineRoot?, onUntrusted? })`: `.check(path, followLast, bounded?)` throws ELOOP for
 *   a path that leads through a link of another user, or out of `confineRoot`
 * - `class DestinationRoot(path, { followDirlinks?, confine? })`: `.path`, `.pathOf(name)` unchecked,
 *   `.resolve(name)` = the same after checking that no parent directory of `name` below the root is a symlink
 *   (throws `UnsafePathError`), `.forget()` after replacing a directory
 *
 * Sockets
 * - `setSocketOptions(socket, list, role)`: setsockopt(2) as `--sockopts` says; returns what did not work, in lines
 *
 * People
 * - `userName(uid)`, `groupName(gid)`, `userId(name)`, `groupId(name)`: undefined when unknown
 * - `primaryGroup(uid)`; `becomeUser(uid, gid, withAllGroups)`: for good, with all of the user's groups or one
 * - `isRoot()`, `processIds(): { uid, gid }`, `groupsOfProcess(): ReadonlySet<number>`
 *
 * @packageDocumentation
 */

export {
  AttributeChange,
  type AttributeErrorHandler,
  type AttributePart,
  applyAttributes,
  applyAttributesToOpenFile,
  setMode,
  setOwner,
  setTimes,
  type WantedAttributes,
} from './attributes.ts';
export { ConfinedRoot } from './confined-root.ts';
export { copyContents } from './copy.ts';
export {
  DestinationRoot,
  type DestinationRootOptions,
  UnsafePathError,
} from './destination-root.ts';
export { deviceAsFile } from './device-content.ts';
export { createNode, type NodeDescription } from './devices.ts';
export {
  checkSearchable,
  makeDirectories,
  makeDirectory,
  readDirectory,
  readLink,
  removeDirectory,
  removeFile,
  renamePath,
} from './directory.ts';
export { errnoCode, errnoText } from './errno.ts';
export { type FileStat, type FileType, FileTypeBits, fileTypeOfMode } from './file-stat.ts';
export { type CreateOptions, createHardLink, createSymlink } from './links.ts';
export { type NativeCalls, type NativeTimes, nativeCalls } from './native.ts';
export {
  closeFile,
  isReadable,
  openForReading,
  openForWriting,
  readAt,
  syncFile,
  truncateFile,
  writeAt,
} from './open.ts';
export { absolutePath, baseName, directoryName, fsPath, joinPath } from './paths.ts';
export {
  type AclKind,
  type NamedPermissions,
  type PosixAcl,
  readAcl,
  sortNamed,
  writeAcl,
} from './posix-acl.ts';
export { canPreallocate, preallocate } from './preallocate.ts';
export { becomeUser, groupsOfProcess, isRoot, processIds, processUmask } from './privileges.ts';
export { removeTree } from './remove-tree.ts';
export { setSocketOptions } from './socket-options.ts';
export { fstat, lstat, stat, statError } from './stat.ts';
export {
  removeLiveTemporaryFiles,
  TemporaryFile,
  type TemporaryFileOptions,
} from './temporary-file.ts';
export { temporaryName } from './temporary-name.ts';
export { TrustedPaths, type TrustedPathsOptions } from './trusted-paths.ts';
export { groupId, groupName, primaryGroup, userId, userName } from './users.ts';
export { platformSupport, type XattrCalls, type XattrTarget, xattrCalls } from './xattrs.ts';
