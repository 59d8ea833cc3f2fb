import { expect, test } from 'vitest';
import { ExitCode, exitCodeText } from '../src/index.ts';

test("every exit code has rsync's words", () => {
  for (const [name, code] of Object.entries(ExitCode)) {
    if (name === 'OK') continue;
    expect(exitCodeText(code), name).not.toBe('unexplained error');
  }
});

test('some of the words', () => {
  expect(exitCodeText(ExitCode.PARTIAL)).toBe(
    'some files/attrs were not transferred (see previous errors)',
  );
  expect(exitCodeText(ExitCode.STREAM)).toBe('error in rsync protocol data stream');
  expect(exitCodeText(127)).toBe('remote command not found');
  expect(exitCodeText(200)).toBe('unexplained error');
});
