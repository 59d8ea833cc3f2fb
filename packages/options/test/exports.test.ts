import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('exports', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "DAEMON_TABLE",
      "DEBUG_FAMILY",
      "INFO_FAMILY",
      "OPTION_TABLE",
      "OptionError",
      "RSYNC_VERSION",
      "checkChmod",
      "daemonUsage",
      "defaultOptions",
      "effectiveLogFormat",
      "effectiveOutFormat",
      "formatSize",
      "itemizeLevel",
      "parseBandwidth",
      "parseCommandLine",
      "parseFilesFrom",
      "parseHostSpec",
      "parseServerArguments",
      "parseSize",
      "quoteOptionValue",
      "quotePath",
      "resolveLevels",
      "serverArguments",
      "splitCharsets",
      "splitShellCommand",
      "unquoteArgument",
      "usage",
      "verbosityHelp",
      "versionJson",
      "versionText",
    ]
  `);
});
