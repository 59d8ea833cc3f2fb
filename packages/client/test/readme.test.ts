import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the example of the README runs', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const cwd = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    mkdirSync(join(cwd, 'photos'));
    mkdirSync(join(cwd, 'backup'));
    writeFileSync(join(cwd, 'photos', 'cat.jpg'), 'meow');
    writeFileSync(join(cwd, 'example.ts'), example.replace('@deltawire/client', index));
    const args = ['--conditions=@deltawire/source', 'example.ts'];
    const printed = execFileSync(process.execPath, args, { cwd }).toString();
    expect(printed).toContain('cat.jpg\n');
    expect(printed).toContain('0 1 files, 4 new bytes\n');
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
