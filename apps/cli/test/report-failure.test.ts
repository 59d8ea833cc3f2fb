import { OptionError, usage } from '@deltawire/options';
import { RsyncError } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { ConsoleWriter } from '../src/output/writer.ts';
import { reportFailure } from '../src/report-failure.ts';

async function report(error: unknown): Promise<[number, string]> {
  let stderr = '';
  const writer = new ConsoleWriter((fd, bytes) => {
    if (fd === 2) stderr += Buffer.from(bytes).toString('latin1');
    return undefined;
  });
  const code = reportFailure(error, { env: { LANG: 'C.UTF-8' }, writer });
  await writer.flush();
  return [code, stderr];
}

test('several lines stay lines, what cannot be shown is escaped', async () => {
  const error = new RsyncError('ERROR: no \x01\nTry again.', { code: 'X', exitCode: 5 });
  expect(await report(error)).toEqual([
    5,
    expect.stringMatching(
      /^ERROR: no \\#001\nTry again\.\nrsync error: error starting client-server protocol \(code 5\) at deltawire \[client=.*\]\n$/,
    ),
  ]);
});

test('without arguments the usage follows the version', async () => {
  const [code, text] = await report(new OptionError(usage(), 'USAGE'));
  expect(code).toBe(1);
  expect(text).toMatch(/^rsync {2}version /);
  expect(text).toContain('Usage: ');
  expect(text).toMatch(/syntax or usage error \(code 1\) at deltawire \[client=.*\]\n$/);
});
