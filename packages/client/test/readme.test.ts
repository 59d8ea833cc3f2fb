import { readmeExample, runExample } from '@deltawire/testkit';
import { expect, test } from 'vitest';

test('the example of the README runs', async () => {
  const example = readmeExample(new URL('../README.md', import.meta.url));
  const files = { 'photos/cat.jpg': 'meow', 'backup/.keep': '' };
  const printed = await runExample(example, files);
  expect(printed).toContain('cat.jpg\n');
  expect(printed).toContain('0 1 files, 4 new bytes\n');
}, 30_000);
