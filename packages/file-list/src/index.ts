/**
 * Which files, in which order, under which numbers. Names and paths are byte strings.
 *
 * Order (docs/spec/data.md §4)
 * - `compareNames(a: NamedItem, b: NamedItem, directorySort)`, NamedItem = { name, isDirectory }
 * - `sortEntries(entries, directorySort): FileEntry[]` new array, stable; `isDirectoryEntry(entry)`
 *
 * Lists and numbers (§3.12, §4.4)
 * - `class FileList`: `.start`, `.end` (start + length), `.length`, `.directory` (index in D of the directory it lists, -1 for
 *   the first), `.parentNdx` (start - 1), `.entries: readonly FileEntry[]` sorted (all, with duplicates),
 *   `.wire: readonly FileEntry[]` in wire order, `.isDropped(position)`, `.dropDuplicates()` (receiving side),
 *   `.drop(position)`, `.wireIndexOf(position)` / `.positionOfWire(wireIndex)` (hard-link leaders count in wire order),
 *   `.rootOf(position): SourceRoot` (sending side only)
 * - `class FileListStore({ incremental, directorySort, receiving, stripRoot? })`: `.add(wireEntries, { directory?, roots? }): FileList`
 *   (sorts; on the receiving side drops duplicates and checks `directory` and every name, throws ProtocolError), `.lists` live
 *   lists oldest first, `.oldest`, `.newest`, `.retireOldest()`, `.byNdx(ndx): Located | undefined` where Located =
 *   `{ list, position (-1 for the gap index), entry, dropped }`, `.byWireIndex(n): Located | undefined`,
 *   `.endOfLists()` / `.complete` (FLIST_EOF seen or sent), `.entryCount` (all entries ever added), `.liveCount`,
 *   `.directories: DirectoryTable` with `.length`, `.get(d): DirectoryRow { entry, dropped, listed, parent, … }`
 *
 * Sending side
 * - `class SourceScanner(options: ScanOptions)`: `.store: FileListStore`, `.ioError` (bits so far),
 *   `.firstList(): ScannedList`, `.firstListSteps(): Generator<void, ScannedList>` (yields between directories so that the caller
 *   can give the event loop back), `.nextList(): ScannedList | undefined` (undefined = send FLIST_EOF; incremental only),
 *   `.close()`; ScannedList = { list: FileList (send `list.wire`), ioError: number (new bits found while building it) }
 * - where an entry lives: `localPath(list.rootOf(position), entry)` = root.prefix + entry.name
 * - `class IdNames(lookup)`: `.firstSight(id): string | undefined`, `.list(): { id, name }[]`; `class HardLinkTable`
 * - `FilesFrom`: `splitFilesFrom(bytes, { from0, comments }): string[]`
 *
 * Receiving side
 * - `class IdMapper({ rules, numericIds, lookup })`: `.addNames(list)`, `.map(id, name?): number`;
 *   `parseIdMap(text, 'usermap' | 'groupmap', lookup): { rules, warnings }` (throws RsyncError exit 1)
 * - `parseChmod(text): ChmodRule[]`, `applyChmod(rules, mode, isDirectory, umask): number`
 * - `destinationMode({ sourceMode, existingMode?, isDirectory, executability, umask }): number` (§9.6)
 * - `isUnsafeSymlink(target, linkName)` (§8.9)
 *
 * @packageDocumentation
 */

export { applyChmod, type ChmodRule, parseChmod } from './chmod.ts';
export { type DestinationModeQuestion, destinationMode } from './destination-mode.ts';
export { type DirectoryRow, DirectoryTable } from './directory-table.ts';
export { FileList, type FileListInit } from './file-list.ts';
export { FileListStore, type FileListStoreOptions, type Located } from './file-list-store.ts';
export { splitFilesFrom } from './files-from.ts';
export { HardLinkTable } from './hard-link-table.ts';
export {
  type IdLookup,
  IdMapper,
  type IdMapperOptions,
  type IdRule,
  parseIdMap,
} from './id-map.ts';
export { IdNames } from './id-names.ts';
export {
  compareEntries,
  compareNames,
  isDirectoryEntry,
  type NamedItem,
  sortEntries,
} from './order.ts';
export { absolutePath } from './scan-log.ts';
export { IoError, type ScanMessage, type ScanOptions } from './scan-options.ts';
export {
  parsePlainArgument,
  parseRelativeArgument,
  type SourceArgument,
  sanitizeListedName,
} from './source-argument.ts';
export { localPath, localPathOfName, type SourceRoot } from './source-root.ts';
export { type ScannedList, SourceScanner } from './source-scanner.ts';
export { isUnsafeSymlink } from './unsafe-symlink.ts';
