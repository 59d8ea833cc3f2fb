import { expect, test } from 'vitest';
import { expandVariables } from '../src/expand.ts';

test.each([
  ['/home/%RSYNC_USER_NAME%/x', '/home/alice/x'],
  ['%NOPE% %% %lower% 100%', '%NOPE% %% %lower% 100%'],
  ['%EMPTY%|', '|'],
])('%s', (value, expanded) => {
  expect(expandVariables(value, { RSYNC_USER_NAME: 'alice', EMPTY: '', lower: 'x' })).toBe(
    expanded,
  );
});
