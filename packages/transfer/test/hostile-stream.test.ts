/*
 * Recorded sessions that end too early or were damaged, to every role: the session ends soon with a
 * result or a typed error, no temporary file stays behind, and every file is the old or the new one.
 */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeTree, type TemporaryDirectory, temporaryDirectory } from '../../testkit/src/index.ts';
import { openRecording, type Recording } from './golden/recording.ts';
import {
  type Played,
  playClient,
  playServer,
  type Stage,
  type Step,
  setDestination,
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

/** Far more than the longest wait of a role for its peer's end. */
const HANG_MS = 20_000;

interface Ended extends Played {
  readonly files: Readonly<Record<string, string>>;
}

/** The same trees for run after run. */
class Bench {
  readonly #subject: Subject;
  readonly #recording: Recording;
  readonly #scenario: Scenario;
  readonly #dir: TemporaryDirectory;
  readonly #stage: Stage;

  constructor(subject: Subject, dir: TemporaryDirectory) {
    this.#subject = subject;
    this.#dir = dir;
    this.#recording = openRecording(subject.recording)!;
    this.#scenario = scenarios[subject.recording]!;
    this.#stage = setStage(dir, this.#scenario);
    makeTree(dir.join('outside'), OUTSIDE);
  }

  async run(tamper: Tamper): Promise<Ended> {
    const { source, destination } = this.#stage;
    if (this.#subject.receives) setDestination(destination, this.#scenario);
    let timer: NodeJS.Timeout | undefined;
    const hang = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('our role hangs')), HANG_MS);
    });
    const playing = this.#subject.play(this.#recording, this.#scenario, this.#stage, tamper);
    try {
      const ended = await Promise.race([playing, hang]);
      expect(listTree(this.#dir.join('outside'))).toEqual(OUTSIDE);
      expect(readdirSync(this.#dir.path).sort()).toEqual(['aux', 'dst', 'outside', 'src']);
      expect(readFileSync(`${source}/dir/b.bin`, 'latin1')).toBe(b);
      return { ...ended, files: listTree(destination) };
    } finally {
      clearTimeout(timer);
    }
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
function cut(length: number): Tamper {
  const change = (steps: readonly Step[]): Step[] => {
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
  return { change, hurries: false };
}

/** The bytes with some of them replaced. */
function damaged(changes: readonly { readonly at: number; readonly value: number }[]): Tamper {
  const change = (steps: readonly Step[]): Step[] => {
    let offset = 0;
    return steps.map((step) => {
      const bytes = step.bytes.slice();
      for (const { at, value } of changes) {
        if (at >= offset && at < offset + bytes.length) bytes[at - offset] = value;
      }
      offset += bytes.length;
      return { ...step, bytes };
    });
  };
  return { change, hurries: true };
}

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
    using dir = temporaryDirectory();
    const bench = new Bench(subject, dir);
    const complete = await bench.run(cut(bytes.length));
    expect(complete.exitCode).toBe(0);
    const codes = new Map<number, number>();
    for (const length of lengthsToTry(bytes)) {
      const ended = await bench.run(cut(length));
      check(subject, ended);
      codes.set(ended.exitCode, (codes.get(ended.exitCode) ?? 0) + 1);
    }
    // The last DONE is only a courtesy to a sender; everything else is missed.
    expect([...codes.keys()].filter((code) => code !== 12 && code !== 0)).toEqual([]);
    expect(codes.get(0) ?? 0).toBeLessThan(8);
  });

  test('a session with damaged bytes', { timeout: 60_000 }, async () => {
    using dir = temporaryDirectory();
    const bench = new Bench(subject, dir);
    const damage = fc.array(fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const ended = await bench.run(damaged(changes));
        check(subject, ended);
      }),
      { numRuns: 75, seed: 20_260_727, endOnFailure: true },
    );
  });
});
