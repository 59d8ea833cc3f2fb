import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('exports', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "Charset",
      "DEFAULT_TRANSFER_OPTIONS",
      "connectStreams",
      "connectionPair",
      "copyLocal",
      "createStats",
      "expandGlob",
      "openCharset",
      "readCvsIgnore",
      "readNamesFile",
      "resumeConnection",
      "runBatch",
      "runClient",
      "runServer",
      "timedOut",
      "totalOf",
    ]
  `);
});
