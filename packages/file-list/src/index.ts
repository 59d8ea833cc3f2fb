/**
 * Which files, in which order, under which numbers. Names and paths are byte strings.
 *
 * Order (docs/spec/data.md §4)
 * - `compareNames(a, b, directorySort)` with `{ name, isDirectory }`, `compareEntries`, `sortEntries` (new array, stable)
 *
 * Lists and numbers (§3.12, §4.4)
 * - `FileList`: `start`, `end`, `length`, `directory` (number of the directory it lists, -1 for the first list),
 *   `entries` sorted (duplicates included), `wire` in sending order, `isDropped(position)`, `drop(position)`,
 *   `dropDuplicates()`, `pruneEmptyDirectories(isKept)`, `wireIndexOf` / `positionOfWire`, `rootOf(position)` (sender)
 * - `FileListStore({ incremental, directorySort, receiving, stripRoot? })`: `add(wireEntries, { directory?, roots?, prepare? })`,
 *   `checkAnnounced(d)`, `byNdx(ndx)` and `byWireIndex(n)` → `Located { list, position (-1: gap index), entry, dropped }`,
 *   `lists`, `oldest`, `newest`, `retireOldest()`, `endOfLists()`, `complete`, `entryCount`, `liveCount`, `nextStart`,
 *   `directories` (a `DirectoryTable`)
 *
 * Sending side
 * - `SourceScanner(options)`: `firstList()` or `firstListSteps()` (yields between directories), `nextList()` (undefined: send
 *   FLIST_EOF), `hasMore`, `ioError`, `store`; a `ScannedList` is `{ list, ioError }`: send `list.wire`, then that value
 * - an entry lives at `localPath(list.rootOf(position), entry)`
 * - `IdNames(lookup)`: `firstSight(id)`, `list()`, `nameOfZero`; `HardLinkTable`; `splitFilesFrom(bytes, { from0 })`
 *
 * Receiving side
 * - `IdMapper({ rules?, lookup?, numericIds? })`: `addNames(idList)`, `map(id, name?)`; `parseIdMap(text, option, lookup)`
 * - `parseChmod`, `applyChmod(rules, mode, isDirectory, umask)`, `destinationMode(question)` (§9.6), `isUnsafeSymlink` (§8.9)
 *
 * @packageDocumentation
 */

export { applyChmod, type ChmodRule, parseChmod } from './chmod.ts';
export { clipSymlink } from './clip-symlink.ts';
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
