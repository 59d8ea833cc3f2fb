import { createCipheriv } from 'node:crypto';
import { closeSync, copyFileSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs';
import type { ChecksumName } from '@deltawire/checksums';
import { ourCommand, realCommand } from '../measure/machine.ts';
import { median, medianOf } from '../report/statistics.ts';
import { ratio, table, verdict } from '../report/table.ts';
import { type KernelProcess, startKernelProcess } from './kernel-process.ts';
import { RsyncWork } from './rsync-work.ts';
import type { KernelJob } from './worker.ts';

/** The processor that everything measured here runs on. */
const CPU = 0;
const BLOCKS = [700, 8192, 131072] as const;
const MIB = 2 ** 20;

/** At least so many times as fast as rsync's generator, at 700 bytes and above. */
const SIGN_TARGETS: readonly (readonly [ChecksumName, readonly [number, number] | undefined])[] = [
  ['md5', [2.8, 2.8]],
  ['md4', [2.5, 2.5]],
  ['xxh128', [1.3, 1.5]],
  ['xxh3', undefined],
  ['xxh64', undefined],
  ['sha1', undefined],
];

/** At least so many times as fast as rsync's sender. */
const SEARCH_TARGETS: readonly (readonly [ChecksumName, { nothing: number; most: number }])[] = [
  ['md5', { nothing: 3.5, most: 1.8 }],
  ['xxh128', { nothing: 5, most: 3 }],
];

export interface KernelSetup {
  /** Where the files are made: in memory. */
  readonly scratch: string;
  readonly runs: number;
  readonly quick: boolean;
}

interface Files {
  readonly basis: string;
  /** The basis with a byte changed in every MiB. */
  readonly most: string;
  /** Other bytes. */
  readonly nothing: string;
}

/** Signing and searching, ours against rsync's, per CPU second: the section of `docs/performance.md`. */
export async function measureKernels(machine: string, setup: KernelSetup): Promise<string> {
  const directory = mkdtempSync(`${setup.scratch}/kernels-`);
  const bytes = (setup.quick ? 16 : 256) * MIB;
  const files = makeFiles(directory, bytes);
  const work = await RsyncWork.start(`${directory}`, CPU);
  const kernels = startKernelProcess(CPU);
  try {
    const bench = { work, kernels, files, runs: setup.runs };
    const sign = await measureSigning(bench);
    const search = await measureSearching(bench);
    return [
      `Measured on: ${machine}. MB (10⁶ bytes) per second of CPU time on one processor, median of ` +
        `${setup.runs}, a file of ${bytes / MIB} MiB in the page cache. “Whole program” is the same job ` +
        'done by `deltawire`, as a multiple of rsync.',
      '**Signatures**: user and system time.',
      sign,
      '**Search**, with the whole-file sum: user time, because most of a sender’s system time is its ' +
        'socket’s; the whole programs by user and system time.',
      search,
    ].join('\n\n');
  } finally {
    kernels.stop();
    await work.stop();
  }
}

interface Bench {
  readonly work: RsyncWork;
  readonly kernels: KernelProcess;
  readonly files: Files;
  readonly runs: number;
}

interface Times {
  readonly userMs: number;
  readonly systemMs: number;
}

const both = ({ userMs, systemMs }: Times): number => userMs + systemMs;
const user = ({ userMs }: Times): number => userMs;

async function measureSigning(bench: Bench): Promise<string> {
  const { work, kernels, files, runs } = bench;
  const rows: string[][] = [];
  const { basis } = files;
  const reading = await speedOf(bench, { kind: 'read', basis });
  for (const [name, targets] of SIGN_TARGETS) {
    for (const block of BLOCKS) {
      const [theirs, program, ours]: [Times[], Times[], Times[]] = [[], [], []];
      const sums = await speedOf(bench, { kind: 'sums', name, block, basis });
      let bytes = 0;
      for (let run = 0; run < runs; run++) {
        theirs.push(await work.sign(realCommand(), name, block, basis));
        program.push(await work.sign(inLine(), name, block, basis));
        const time = await kernels.run({ kind: 'sign', name, block, basis });
        ours.push(time!);
        bytes = time!.bytes;
      }
      const target = targets?.[block === 700 ? 0 : 1];
      const cells = row(`${name}, ${block}`, bytes, theirs, ours, both, program, target);
      const most = bytes / 1e3 / medianOf(theirs, both);
      rows.push([...cells, sums.toFixed(0), reading.toFixed(0), ratio(reading / most)]);
      console.error(rows.at(-1)?.join('  '));
    }
  }
  return table([...HEADER, 'sums alone', 'reading alone', 'reading alone ÷ rsync'], rows);
}

async function measureSearching(bench: Bench): Promise<string> {
  const { work, kernels, files, runs } = bench;
  const rows: string[][] = [];
  for (const [name, targets] of SEARCH_TARGETS) {
    const by = name === 'md5' ? 'node:crypto' : 'ours';
    const sum = await speedOf(bench, { kind: 'sum', name, by });
    for (const kind of ['nothing', 'most'] as const) {
      for (const block of BLOCKS) {
        const [theirs, program, ours]: [Times[], Times[], Times[]] = [[], [], []];
        const [basis, target] = [files.basis, files[kind]];
        let bytes = 0;
        for (let run = 0; run < runs; run++) {
          const real = await work.search(realCommand(), name, block, basis, target);
          program.push(await work.search(inLine(), name, block, basis, target));
          const time = await kernels.run({ kind: 'search', name, block, basis, target });
          if (time!.literalBytes !== real.literalBytes) {
            throw new Error(
              `${name}, ${block}: ${time!.literalBytes} literal bytes, rsync ${real.literalBytes}`,
            );
          }
          theirs.push(real);
          ours.push(time!);
          bytes = time!.bytes;
        }
        const label = `${name}, ${block}, ${kind === 'most' ? 'most matches' : 'nothing matches'}`;
        const cells = row(label, bytes, theirs, ours, user, program, targets[kind]);
        const most = bytes / 1e3 / medianOf(theirs, user);
        rows.push([...cells, sum.toFixed(0), ratio(sum / most)]);
        console.error(rows.at(-1)?.join('  '));
      }
    }
  }
  return table([...HEADER, 'whole-file sum alone', 'sum alone ÷ rsync'], rows);
}

/** Median MB per second of CPU time. */
async function speedOf({ kernels, runs }: Bench, job: KernelJob): Promise<number> {
  const speeds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const time = (await kernels.run(job))!;
    speeds.push(time.bytes / 1e3 / both(time));
  }
  return median(speeds);
}

const HEADER = ['', 'rsync', 'ours', 'ours ÷ rsync', 'target', '', 'whole program'];

/** Threads would count as CPU time too, but start later than such a run needs them. */
const inLine = (): string[] => [...ourCommand(), '--signature-threads=0'];

function row(
  label: string,
  bytes: number,
  theirs: readonly Times[],
  ours: readonly Times[],
  time: (times: Times) => number,
  program: readonly Times[],
  target: number | undefined,
): string[] {
  const speed = (list: readonly Times[], of: typeof time): number =>
    bytes / 1e3 / medianOf(list, of);
  const measured = speed(ours, time) / speed(theirs, time);
  return [
    label,
    speed(theirs, time).toFixed(0),
    speed(ours, time).toFixed(0),
    ratio(measured),
    target === undefined ? '' : `≥ ${target}`,
    target === undefined ? '' : verdict(measured >= target),
    ratio(speed(program, both) / speed(theirs, both)),
  ];
}

function makeFiles(directory: string, bytes: number): Files {
  const files = {
    basis: `${directory}/basis`,
    most: `${directory}/most`,
    nothing: `${directory}/nothing`,
  };
  for (const [path, key] of [
    [files.basis, 1],
    [files.nothing, 2],
  ] as const) {
    const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, key), Buffer.alloc(16));
    writeFileSync(path, '');
    const fd = openSync(path, 'w');
    for (let at = 0; at < bytes; at += MIB) writeSync(fd, cipher.update(Buffer.alloc(MIB)));
    closeSync(fd);
  }
  copyFileSync(files.basis, files.most);
  const fd = openSync(files.most, 'r+');
  for (let at = 1000; at < bytes; at += MIB) writeSync(fd, Buffer.from('!'), 0, 1, at);
  closeSync(fd);
  return files;
}
