import { readmeExample, runExample } from '@deltawire/testkit';
import { expect, test } from 'vitest';

test('the example of the README runs', async () => {
  const example = readmeExample(new URL('../README.md', import.meta.url));
  const printed = await runExample(example);
  expect(printed).toMatch(/starting, listening on port \d+\nrsync -a rsync:\/\/127\.0\.0\.1:\d+/);
}, 30_000);
