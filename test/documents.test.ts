import { readFileSync } from 'node:fs';
import { announcedOutput, runExample } from '@deltawire/testkit';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../docs/async-signatures.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^### (.*)\n[^#]*?^```ts\n([\s\S]*?)^```$/gm)].map(
  ([, title = '', example = '']) => ({ title, example }),
);

test('docs/async-signatures.md has an example of each package', () => {
  expect(examples.map(({ title }) => title)).toEqual([
    'Sign a file',
    'Sign many files ahead',
    'Find what has changed, and put it together',
  ]);
});

test.each(examples)('$title: the example prints what it says', async ({ example }) => {
  expect(announcedOutput(example)).not.toBe('');
  expect(await runExample(example)).toBe(announcedOutput(example));
});
