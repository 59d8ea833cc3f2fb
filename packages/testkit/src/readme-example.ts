import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProcess } from './run-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const packages = fileURLToPath(new URL('../../', import.meta.url));

/** A program in a README: its first block of TypeScript or JavaScript. */
export function readmeExample(readme: URL): string {
  const example = /^```[tj]s\n([\s\S]*?)^```$/m.exec(readFileSync(readme, 'utf8'))?.[1];
  if (example === undefined) throw new Error(`${readme.pathname} has no example`);
  return example;
}

/** What such a program says it prints: the comments behind its `console.log` lines. */
export function announcedOutput(example: string): string {
  const lines = example.matchAll(/^\s*console\.log\(.*\); \/\/ (.*)$/gm);
  return [...lines].map(([, text]) => `${text}\n`).join('');
}

/**
 * Run such a program in an empty directory, where the packages of this repository are installed.
 * Returns what it prints; throws what it says when it fails.
 *
 * @param files Contents of files in that directory, by name.
 */
export async function runExample(
  example: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  using directory = temporaryDirectory('readme-');
  const modules = directory.join('node_modules/@deltawire');
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(packages)) symlinkSync(packages + name, `${modules}/${name}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(directory.join(name, '..'), { recursive: true });
    writeFileSync(directory.join(name), content);
  }
  const program = directory.join('example.ts');
  writeFileSync(program, example);
  const { code, output, errors } = await runProcess(
    [
      process.execPath,
      '--conditions=@deltawire/source',
      '--disable-warning=ExperimentalWarning',
      program,
    ],
    { cwd: directory.path },
  );
  if (code !== 0) throw new Error(`the example failed with exit code ${code}\n${errors}`);
  return output;
}
