import { parseServerArguments } from '@deltawire/options';
import { scriptedConnection } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import { capVerbosity, checkArguments, readServerArguments } from '../src/arguments.ts';
import { TextChannel } from '../src/text-channel.ts';

const read = (text: string, protocol = 32) =>
  readServerArguments(new TextChannel(scriptedConnection(text, 3)), protocol);

describe('readServerArguments()', () => {
  test('NUL from protocol 30, LF below', async () => {
    const args = ['--server', '-r', '.', 'm/'];
    expect(await read(`${args.join('\0')}\0\0`)).toEqual({ args, secluded: false });
    expect(await read(`${args.join('\n')}\n\n`, 29)).toEqual({ args, secluded: false });
  });

  test('options are unescaped, paths are not', async () => {
    const { args } = await read('--server\0--suffix=a\\ b\\*\0.\0m/a\\*b\0\0');
    expect(args).toEqual(['--server', '--suffix=a b*', '.', 'm/a\\*b']);
  });

  test('a second block when the first says so', async () => {
    const first = '--server\0--sender\0-slogDtpre.iLsfxCIvu\0\0';
    expect(await read(`${first}rsync\0--checksum-seed=1\0.\0m/a b\0\0`)).toEqual({
      args: ['--server', '--sender', '-slogDtpre.iLsfxCIvu', '--checksum-seed=1', '.', 'm/a b'],
      secluded: true,
    });
    // The s behind e belongs to the capabilities.
    expect((await read('--server\0-re.iLs\0.\0m/\0\0')).secluded).toBe(false);
  });
});

describe('checkArguments()', () => {
  test('what is allowed is parsed', () => {
    const { options, reject } = checkArguments(['--server', '-rt', '.', 'm/'], '');
    expect(reject).toBeUndefined();
    expect(options).toMatchObject({ recursive: true, times: true, args: ['m/'] });
  });

  test('a refusal keeps the options in front of it', () => {
    const args = ['--server', '-te.iLsfxCIvu', '--delete', '--numeric-ids', '.', 'm/'];
    const { options, reject } = checkArguments(args, 'delete');
    expect(reject).toEqual({
      text: 'rsync: The server is configured to refuse --delete\n',
      exitCode: 4,
    });
    expect(options).toMatchObject({ times: true, numericIds: false, clientInfo: '.iLsfxCIvu' });
  });

  test.each([[['--files-from=li=st']], [['--files-from', 'li=st']]])(
    'where a refused client waits for names stays known: %j',
    (option) => {
      const args = ['--server', '--delete', ...option, '.', 'm/'];
      expect(checkArguments(args, 'delete').options.filesFrom).toBe('li=st');
      expect(checkArguments(['--server', '--delete', '.'], 'delete').options.filesFrom).toBe(
        undefined,
      );
    },
  );

  test('so does an option that is not known', () => {
    const { options, reject } = checkArguments(['--server', '--sender', '-t', '--frob', '.'], '');
    expect(reject).toMatchObject({ exitCode: 4, text: expect.stringContaining('--frob') });
    expect(options).toMatchObject({ sender: true, times: true });
  });

  test('a daemon is not started by its client', () => {
    const { reject } = checkArguments(['--server', '--daemon', '--config=/x', '.'], '');
    expect(reject).toEqual({ text: 'rsync: Attempt to hack rsync thwarted!\n', exitCode: 1 });
  });
});

test('verbosity is capped', () => {
  const options = parseServerArguments(['--server', '-vvv', '--info=progress2', '.']);
  const capped = capVerbosity(options, 1);
  expect(capped.verbose).toBe(1);
  expect(capped.infoLevels).toMatchObject({ name: 1, progress: 0 });
  expect(options.debugLevels).toMatchObject({ deltasum: 2 });
  expect(capped.debugLevels).toMatchObject({ deltasum: 0 });
  expect(capVerbosity(options, 0).infoLevels).toMatchObject({ name: 0 });
  expect(capVerbosity(options, 9).infoLevels).toMatchObject({ name: options.infoLevels.name });
});
