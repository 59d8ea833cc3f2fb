import { expect, test } from 'vitest';
import { ExitCode, LimitError, ProtocolError, RemoteError, RsyncError } from '../src/index.ts';

test('an RsyncError has a code, an exit code and maybe a cause', () => {
  const cause = new Error('why');
  const error = new RsyncError('what', { code: 'SOME', exitCode: 11, cause });
  expect(error).toMatchObject({ message: 'what', code: 'SOME', exitCode: 11, cause });
  expect(error.name).toBe('RsyncError');
  expect('cause' in new RsyncError('x', { code: 'SOME', exitCode: 1 })).toBe(false);
});

test('a ProtocolError exits with 12 unless it says otherwise', () => {
  expect(new ProtocolError('x')).toMatchObject({ code: 'PROTOCOL', exitCode: ExitCode.STREAM });
  expect(new ProtocolError('x', { exitCode: 2 })).toMatchObject({ exitCode: 2 });
  expect(new ProtocolError('x')).toBeInstanceOf(RsyncError);
});

test('a LimitError names the field, the value and the bound', () => {
  const above = new LimitError('block length', 9, 8, { exitCode: 2 });
  expect(above.message).toBe('block length is 9, above the limit of 8');
  expect(above).toMatchObject({ field: 'block length', value: 9, bound: 8, exitCode: 2 });
  expect(new LimitError('file length', -1, 0).message).toBe(
    'file length is -1, below the limit of 0',
  );
  expect(above).toBeInstanceOf(ProtocolError);
});

test('a RemoteError carries what the peer said', () => {
  const error = new RemoteError('no such module', { exitCode: 5 });
  expect(error).toMatchObject({ message: 'no such module', code: 'REMOTE', exitCode: 5 });
});
