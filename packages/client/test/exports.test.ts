import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('exports', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "connectStreams",
      "listModules",
      "pipelineOf",
      "promptPassword",
      "readServerRequest",
      "runSync",
      "serveRequest",
      "serveStdio",
      "stdioConnection",
      "sync",
    ]
  `);
});
