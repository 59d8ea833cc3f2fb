import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('exports', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "DirectoryTable",
      "FileList",
      "FileListStore",
      "HardLinkTable",
      "IdMapper",
      "IdNames",
      "IoError",
      "SourceScanner",
      "applyChmod",
      "clipSymlink",
      "compareEntries",
      "compareNames",
      "destinationMode",
      "isDirectoryEntry",
      "isUnsafeSymlink",
      "localPath",
      "localPathOfName",
      "parseChmod",
      "parseIdMap",
      "parsePlainArgument",
      "parseRelativeArgument",
      "sanitizeListedName",
      "sortEntries",
      "splitFilesFrom",
    ]
  `);
});
