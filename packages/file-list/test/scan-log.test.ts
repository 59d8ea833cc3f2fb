import { expect, test } from 'vitest';
import { ScanLog } from '../src/scan-log.ts';
import { IoError, type ScanMessage } from '../src/scan-options.ts';
import { scanOptions } from './scan.ts';

const failure = (code: string, errno: number): Error =>
  Object.assign(new Error(code), { code, errno: -errno });

function logged(act: (log: ScanLog) => void): { ioError: number; messages: ScanMessage[] } {
  const messages: ScanMessage[] = [];
  const log = new ScanLog(scanOptions({ onMessage: (message) => messages.push(message) }));
  act(log);
  return { ioError: log.ioError, messages };
}

test('a missing argument does not inhibit deletions, an unreadable one does', () => {
  expect(logged((log) => log.argument('/a', failure('ENOENT', 2)))).toEqual({
    ioError: 0,
    messages: [{ kind: 'system', text: 'link_stat "/a" failed: No such file or directory (2)' }],
  });
  expect(logged((log) => log.argument('/a', failure('EACCES', 13))).ioError).toBe(IoError.GENERAL);
});

test('what was listed and is gone has vanished', () => {
  const vanished = {
    ioError: IoError.VANISHED,
    messages: [{ kind: 'warning', text: 'file has vanished: "/a"' }],
  };
  expect(logged((log) => log.item('/a', failure('ENOENT', 2)))).toEqual(vanished);
  expect(logged((log) => log.directory('/a', failure('ENOENT', 2)))).toEqual(vanished);
});

test('what cannot be looked at is an error, in rsync’s two forms', () => {
  const text = (log: (log: ScanLog) => void): string | undefined => logged(log).messages[0]?.text;
  expect(text((log) => log.item('/a', failure('EACCES', 13)))).toBe(
    'readlink_stat("/a") failed: Permission denied (13)',
  );
  expect(text((log) => log.directory('/a', failure('EACCES', 13)))).toBe(
    'opendir "/a" failed: Permission denied (13)',
  );
});

test('paths are shown as the caller wants', () => {
  const messages: string[] = [];
  const log = new ScanLog(
    scanOptions({
      showPath: (path) => `"/${path}" (in m)`,
      onMessage: ({ text }) => messages.push(text),
    }),
  );
  log.noReferent('l');
  expect(messages).toEqual(['symlink has no referent: "/l" (in m)']);
});
