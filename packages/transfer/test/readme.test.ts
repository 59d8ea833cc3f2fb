import { expect, test } from 'vitest';
import { announcedOutput, readmeExample, runExample } from '../../testkit/src/index.ts';

test('the example of the README runs', async () => {
  const example = readmeExample(new URL('../README.md', import.meta.url));
  const printed = await runExample(example, { 'photos/cat.jpg': 'meow' });
  expect(printed).toBe(announcedOutput(example));
}, 30_000);
