import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('public names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "BlockHasher",
      "CHECKSUM_NAMES",
      "RollingSum",
      "WeakSum",
      "createBlockHash",
      "createFileHash",
      "createStrongHash",
      "digestLength",
      "hashBlock",
      "negotiateChecksum",
      "parseChecksumName",
      "planTransferChecksum",
      "setNativeHash",
      "weakSum",
    ]
  `);
});
