import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    writeFileSync(join(cwd, 'example.ts'), example.replace('@deltawire/daemon', index));
    const args = ['--conditions=@deltawire/source', 'example.ts'];
    const printed = execFileSync(process.execPath, args, { cwd }).toString();
    expect(printed).toMatch(/starting, listening on port \d+\nrsync -a rsync:\/\/127\.0\.0\.1:\d+/);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
