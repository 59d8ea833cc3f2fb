/*
 * Recorded sessions that end too early or were damaged, to every role: the session ends soon with a
 * result or a typed error, no temporary file stays behind, and every file is the old or the new one.
 */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeTree, temporaryDirectory } from '../../testkit/src/index.ts';
import { openRecording } from './golden/recording.ts';
import {
  type Played,
  playClient,
  playServer,
  type Stage,
  type Step,
  setStage,
  type Tamper,
} from './golden/replay.ts';
import { B_BIN, type Scenario, scenarios } from './golden/scenarios.ts';
import { listTree, OUTSIDE } from './scripted-peer.ts';

/** The role under test, and the recording whose other half is played to it. */
interface Subject {
  readonly role: string;
  readonly recording: string;
  readonly play: typeof playClient;
  readonly receives: boolean;
}

const subjects: readonly Subject[] = [
  { role: 'a pulling client', recording: 'pull-p32-delta', play: playClient, receives: true },
  { role: 'a receiving server', recording: 'push-p32-delta', play: playServer, receives: true },
  { role: 'a pushing client', recording: 'push-p32-delta', play: playClient, receives: false },
  { role: 'a sending server', recording: 'pull-p32-delta', play: playServer, receives: false },
];

const b = Buffer.from(B_BIN).toString('latin1');
const old = Buffer.from(B_BIN).fill(0x58, 900, 905).toString('latin1');
const contents = new Set([b, old, 'hello world\n', '']);

interface Ended extends Played {
  readonly files: Readonly<Record<string, string>>;
}

async function run(subject: Subject, tamper: Tamper): Promise<Ended> {
  using dir = temporaryDirectory();
  const recording = openRecording(subject.recording)!;
  const scenario: Scenario = scenarios[subject.recording]!;
  const stage: Stage = setStage(dir, scenario);
  makeTree(dir.join('outside'), OUTSIDE);
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('our role hangs')), 10_000);
  });
  try {
    const ended = await Promise.race([subject.play(recording, scenario, stage, tamper), hang]);
    expect(listTree(dir.join('outside'))).toEqual(OUTSIDE);
    expect(readdirSync(dir.path).sort()).toEqual(['aux', 'dst', 'outside', 'src']);
    expect(readFileSync(`${stage.source}/dir/b.bin`, 'latin1')).toBe(b);
    return { ...ended, files: listTree(stage.destination) };
  } finally {
    clearTimeout(timer);
  }
}

function check(subject: Subject, ended: Ended): void {
  if (ended.error !== undefined) {
    expect(typeof (ended.error as { exitCode?: unknown }).exitCode, String(ended.error)).toBe(
      'number',
    );
  }
  for (const [name, content] of Object.entries(ended.files)) {
    expect(name, 'a temporary file').not.toMatch(/(^|\/)\..*\.\w{6}$/);
    if (content === 'directory' || content.startsWith('->')) continue;
    expect(contents.has(content), `${name} is neither the old nor the new file`).toBe(true);
  }
  if (!subject.receives) expect(ended.files['dir/b.bin']).toBe(old);
}

/** Only the first `length` bytes. */
const cut =
  (length: number): Tamper =>
  (steps) => {
    const kept: Step[] = [];
    let left = length;
    for (const step of steps) {
      if (left === 0) break;
      const bytes = step.bytes.subarray(0, left);
      left -= bytes.length;
      kept.push({ ...step, bytes });
    }
    return kept;
  };

const playedTo = ({ recording, play }: Subject): Uint8Array => {
  const { c2s, s2c } = openRecording(recording)!;
  return (play === playClient ? s2c : c2s).bytes;
};

/** Every length, but few of those that end inside the one long literal: they are all alike. */
function lengthsToTry(bytes: Uint8Array): number[] {
  const literal = Buffer.from(bytes).indexOf(B_BIN.subarray(700, 1400));
  const isInside = (at: number): boolean => literal > 0 && at > literal + 1 && at < literal + 699;
  const lengths = Array.from({ length: bytes.length }, (_, i) => i);
  return lengths.filter((at) => !isInside(at) || (at - literal) % 50 === 0);
}

describe.each(subjects)('to $role', (subject) => {
  const bytes = playedTo(subject);

  test('a session that is cut off at any byte', { timeout: 60_000 }, async () => {
    const complete = await run(subject, (steps) => steps);
    expect(complete.exitCode).toBe(0);
    const lengths = lengthsToTry(bytes);
    const codes = new Map<number, number>();
    const next = async (): Promise<void> => {
      for (let at = lengths.pop(); at !== undefined; at = lengths.pop()) {
        const ended = await run(subject, cut(at));
        check(subject, ended);
        codes.set(ended.exitCode, (codes.get(ended.exitCode) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 8 }, next));
    // The last DONE is only a courtesy to a sender; everything else is missed.
    expect([...codes.keys()].filter((code) => code !== 12 && code !== 0)).toEqual([]);
    expect(codes.get(0) ?? 0).toBeLessThan(8);
  });

  test('a session with damaged bytes', { timeout: 60_000 }, async () => {
    const damage = fc.array(fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const ended = await run(subject, (steps) => {
          let offset = 0;
          return steps.map((step) => {
            const bytes = step.bytes.slice();
            for (const { at, value } of changes) {
              if (at >= offset && at < offset + bytes.length) bytes[at - offset] = value;
            }
            offset += bytes.length;
            return { ...step, bytes };
          });
        });
        check(subject, ended);
      }),
      { numRuns: 75, seed: 20_260_727, endOnFailure: true },
    );
  });
});
