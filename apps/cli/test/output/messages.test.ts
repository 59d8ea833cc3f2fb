import { OptionError } from '@deltawire/options';
import { ProtocolError, RsyncError } from '@deltawire/protocol';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { describeFailure, exitLine } from '../../src/output/messages.ts';
import { realRsync } from '../real-rsync.ts';

/** rsync names a line of its source where we name ourselves. */
const comparable = (line: string): string =>
  line.replace(/ at \S+(\(\d+\))? \[\w+=[\w.-]+\]\n$/, ' at PLACE [ROLE]\n');

test.each([
  [23, ['-a', 'missing', 't']],
  [3, ['-a', 's/', '/dev/null/x']],
  [1, ['--bogus', 's', 't']],
  [10, ['rsync://127.0.0.1:1/m/', 't']],
])('exitLine(%i) has the words of rsync', (code, args) => {
  using directory = temporaryDirectory();
  const { stderr, status } = realRsync(directory.path, args);
  expect(status).toBe(code);
  const last = stderr.split(/(?<=\n)/).at(-1)!;
  expect(comparable(exitLine(code, 'sender', '1.2.3'))).toBe(comparable(last));
});

test('exitLine calls vanished files a warning, and says who speaks', () => {
  expect(exitLine(24, 'Receiver', '1.2.3')).toBe(
    'rsync warning: some files vanished before they could be transferred (code 24) at deltawire [Receiver=1.2.3]\n',
  );
});

test('mistakes in the command line stand for themselves', () => {
  const error = new OptionError('rsync: --bogus: unknown option', 'UNKNOWN_OPTION');
  expect(describeFailure(error, 'client')).toEqual({
    text: 'rsync: --bogus: unknown option\n',
    exitCode: 1,
    code: 'UNKNOWN_OPTION',
  });
});

test('other errors name the speaker', () => {
  const refused = new RsyncError('failed to connect to h (::1): Connection refused (111)', {
    code: 'CONNECT',
    exitCode: 10,
  });
  expect(describeFailure(refused, 'Receiver').text).toBe(
    'rsync: [Receiver] failed to connect to h (::1): Connection refused (111)\n',
  );
  const daemon = new RsyncError("@ERROR: Unknown module 'x'", { code: 'DAEMON', exitCode: 5 });
  expect(describeFailure(daemon, 'Receiver').text).toBe("@ERROR: Unknown module 'x'\n");
});

test('an aborted run has nothing more to say', () => {
  const aborted = new RsyncError('', { code: 'SIGINT', exitCode: 20 });
  expect(describeFailure(aborted, 'sender')).toMatchObject({ text: '', exitCode: 20 });
});

test('failed system calls get an exit code and advice', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
  const failure = describeFailure(error, 'Receiver');
  expect(failure.exitCode).toBe(11);
  expect(failure.text).toContain('free some');
});

test('messages become byte strings whatever they were', () => {
  const text = new RsyncError('nicht gefunden: ü', { code: 'X', exitCode: 5 });
  const bytes = new RsyncError('nicht gefunden: \xc3\xbc', { code: 'X', exitCode: 5 });
  expect(describeFailure(text, 'client').text).toBe(describeFailure(bytes, 'client').text);
});

test('a defect shows its stack', () => {
  const failure = describeFailure(new TypeError('x is not a function'), 'client');
  expect(failure).toMatchObject({ exitCode: 14, code: 'INTERNAL' });
  expect(failure.text).toContain('messages.test.ts');
  expect(describeFailure('thrown text', 'client').text).toBe('rsync: [client] thrown text\n');
});

test('a lost connection is signed at the end', () => {
  const error = new ProtocolError('connection unexpectedly closed (0 bytes received so far)');
  expect(describeFailure(error, 'sender').text).toBe(
    'rsync: connection unexpectedly closed (0 bytes received so far) [sender]\n',
  );
});
