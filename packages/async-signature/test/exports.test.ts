import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('exports exactly the public API', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "POOL_CHANNEL",
      "SignaturePoolError",
      "createSignaturePool",
      "inlineBytes",
      "signingMs",
    ]
  `);
});
