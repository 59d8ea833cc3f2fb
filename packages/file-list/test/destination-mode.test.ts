import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { destinationMode } from '../src/destination-mode.ts';

const { cases } = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/dest-mode.json', import.meta.url), 'utf8'),
) as { cases: [string, boolean, string, string | null, string][] };

test('does what rsync does for every recorded case', () => {
  for (const [umask, executability, source, existing, result] of cases) {
    const mode = destinationMode({
      sourceMode: Number.parseInt(source, 8),
      existingMode: existing === null ? undefined : Number.parseInt(existing, 8),
      isDirectory: false,
      executability,
      umask: Number.parseInt(umask, 8),
    });
    expect(mode.toString(8).padStart(4, '0'), `${umask} ${source} ${existing}`).toBe(result);
  }
});

test('the type is that of the source', () => {
  const question = { isDirectory: true, executability: true, umask: 0o022 };
  expect(destinationMode({ ...question, sourceMode: 0o040777 })).toBe(0o040755);
  expect(destinationMode({ ...question, sourceMode: 0o040600, existingMode: 0o040711 })).toBe(
    0o040711,
  );
});
