/*
 * Recorded sessions of the real program, played to our roles: what we write must be what the
 * original wrote. The recordings were made on tmpfs, whose directories list their newest entry
 * first, so lists are compared as sets (golden/records.ts says what else is normalised); what a
 * generator writes is compared byte for byte.
 */

import { xattrCalls } from '@deltawire/filesystem';
import { MessageTag, type MuxMessage, messageTagName } from '@deltawire/protocol';
import { compareTrees, goldenSessions, temporaryDirectory } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import { logical, openRecording, type Recording } from './golden/recording.ts';
import { clientRecords, serverRecords } from './golden/records.ts';
import { type Played, playClient, playServer, setStage } from './golden/replay.ts';
import { notPlayed, type Scenario, scenarios } from './golden/scenarios.ts';

const played = Object.entries(scenarios).map(([name, scenario]) => ({ name, scenario }));

test('every recording is played or has a reason not to be', () => {
  const known = [...Object.keys(scenarios), ...Object.values(notPlayed).flat()];
  expect(known.sort()).toEqual(goldenSessions());
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * Messages that both sides of a recording mean the same by. Over a remote shell rsync prints errors
 * to its stderr instead of sending them, and no two programs end with the same line.
 */
function comparable({ module, name }: Recording, messages: readonly MuxMessage[]): string[] {
  return messages.flatMap(({ tag, payload }) => {
    const error = tag === MessageTag.ERROR || tag === MessageTag.ERROR_XFER;
    const text = Buffer.from(payload).toString('latin1');
    if (tag === MessageTag.DATA || tag === MessageTag.WARNING) return [];
    if (
      error &&
      (module === undefined || name.startsWith('rsh-') || text.startsWith('rsync error:'))
    )
      return [];
    const readable = error || tag === MessageTag.INFO || tag === MessageTag.DELETED;
    return [`${messageTagName(tag)} ${readable ? text : hex(payload)}`];
  });
}

function compare(
  recording: Recording,
  scenario: Scenario,
  role: 'client' | 'server',
  result: Played,
): void {
  const flow = role === 'client' ? recording.c2s : recording.s2c;
  const records = role === 'client' ? clientRecords : serverRecords;
  const original = logical(flow.bytes, flow);
  const ours = logical(result.written, flow);
  const how = result.error?.message ?? 'no error';
  expect(hex(ours.handshake), how).toBe(hex(original.handshake));
  expect(records(recording, ours.stream), how).toEqual(records(recording, original.stream));
  expect(ours.incomplete).toBe(false);
  expect(result.stalledAt, how).toBeUndefined();
  const receives = (role === 'client') === recording.pull;
  if (receives) expect(hex(ours.stream)).toBe(hex(original.stream));
  const ignored = scenario.partingDiffers === true ? 'ERROR_EXIT' : 'none';
  const said = ({ messages }: typeof ours): string[] =>
    comparable(recording, messages).filter((text) => !text.startsWith(ignored));
  expect(said(ours)).toEqual(said(original));
}

function checkDestination(scenario: Scenario, stage: ReturnType<typeof setStage>): void {
  if (scenario.otherDestination === true) return;
  expect(compareTrees(stage.source, stage.destination, { ignore: ['owner'] })).toEqual([]);
  for (const [path, values] of Object.entries(scenario.xattrs?.source ?? {})) {
    const there = `${stage.destination}/${path}`;
    const names = xattrCalls()!.list(there);
    expect(names.filter((name) => /^(user|system)\./.test(name)).sort()).toEqual(
      Object.keys(values).sort(),
    );
    for (const [name, value] of Object.entries(values)) {
      expect(Buffer.from(xattrCalls()!.get(there, name)!).toString('latin1')).toBe(value);
    }
  }
}

/** Trees of hundreds of files take their time on a busy machine. */
const slow = { timeout: 30_000 };

describe.each(played)('$name', ({ name, scenario }) => {
  const recording = openRecording(name)!;

  test.skipIf(scenario.skipClient !== undefined)('our client', slow, async () => {
    using dir = temporaryDirectory();
    const stage = setStage(dir, scenario);
    const result = await playClient(recording, scenario, stage);
    compare(recording, scenario, 'client', result);
    expect(result.exitCode).toBe(scenario.clientExit ?? recording.exitCode);
    if (recording.pull && scenario.clientFails !== true) {
      checkDestination(scenario, stage);
    }
  });

  test.skipIf(scenario.skipServer !== undefined)('our server', slow, async () => {
    using dir = temporaryDirectory();
    const stage = setStage(dir, scenario);
    const result = await playServer(recording, scenario, stage);
    compare(recording, scenario, 'server', result);
    expect(result.exitCode).toBe(scenario.serverExit ?? recording.exitCode);
    if (!recording.pull) checkDestination(scenario, stage);
  });
});
