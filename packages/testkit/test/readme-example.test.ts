import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { announcedOutput, readmeExample, runExample } from '../src/readme-example.ts';
import { temporaryDirectory } from '../src/temporary-directory.ts';

test('the first program of a page, what it says it prints, and what it prints', async () => {
  using directory = temporaryDirectory();
  const page = directory.join('README.md');
  const program =
    "import { weakSum } from '@deltawire/checksums';\n" +
    'const answer: number = weakSum(new Uint8Array(3));\n' +
    'console.log(answer); // 0\n';
  writeFileSync(page, `# x\n\n\`\`\`sh\nnpm\n\`\`\`\n\n\`\`\`ts\n${program}\`\`\`\n`);
  const example = readmeExample(pathToFileURL(page));
  expect(example).toBe(program);
  expect(announcedOutput(example)).toBe('0\n');
  expect(await runExample(example)).toBe('0\n');
});

test('files are there, and failures are told', async () => {
  const example =
    "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('d/f', 'utf8'));";
  expect(await runExample(example, { 'd/f': 'content' })).toBe('content\n');
  await expect(runExample(example)).rejects.toThrow('ENOENT');
});
