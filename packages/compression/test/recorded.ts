/** Token streams of the real program, taken apart by the plainest possible reader. */
import { readFileSync } from 'node:fs';
import type { CompressorName, TokenCompressor, TokenDecompressor } from '../src/index.ts';

/** Literal data as records, or a block of the basis. */
export type Step =
  | { readonly kind: 'span'; readonly records: readonly Uint8Array[] }
  | { readonly kind: 'match'; readonly block: number };

export interface RecordedFile {
  readonly basis: Uint8Array;
  readonly content: Uint8Array;
  readonly blockLength: number;
  readonly steps: readonly Step[];
}

export interface RecordedSession {
  readonly compression: CompressorName;
  readonly protocol: number;
  readonly files: readonly RecordedFile[];
}

interface Vectors {
  readonly data: Readonly<Record<string, { readonly basis: string; readonly new: string }>>;
  readonly sessions: readonly {
    readonly compression: string;
    readonly protocol: number;
    readonly files: readonly {
      readonly file: string;
      readonly head: number[];
      readonly tokens: string;
    }[];
  }[];
}

export function recordedSessions(): RecordedSession[] {
  const url = new URL('../../testkit/vectors/tokens.json', import.meta.url);
  const { data, sessions } = JSON.parse(readFileSync(url, 'utf8')) as Vectors;
  return sessions
    .filter(({ compression }) => compression !== 'none')
    .map(({ compression, protocol, files }) => ({
      compression: compression as CompressorName,
      protocol,
      files: files.map(({ file, head, tokens }) => ({
        basis: Buffer.from(data[file]!.basis, 'hex'),
        content: Buffer.from(data[file]!.new, 'hex'),
        blockLength: head[1]!,
        steps: stepsOf(Buffer.from(tokens, 'hex')),
      })),
    }));
}

function stepsOf(tokens: Buffer): Step[] {
  const steps: Step[] = [];
  let records: Uint8Array[] = [];
  let block = 0;
  for (let at = 0; ; ) {
    const flag = tokens[at++]!;
    if (flag >> 6 === 1) {
      const length = ((flag & 63) << 8) | tokens[at++]!;
      records.push(tokens.subarray(at, at + length));
      at += length;
      continue;
    }
    if (records.length > 0) steps.push({ kind: 'span', records });
    records = [];
    if (flag === 0) return steps;
    block = flag >= 0x80 ? block + (flag & 63) : tokens.readInt32LE(at);
    if (flag < 0x80) at += 4;
    const isRun = flag >= 0xc0 || flag === 0x21;
    const count = isRun ? tokens.readUInt16LE(at) : 0;
    if (isRun) at += 2;
    for (let last = block + count; ; block++) {
      steps.push({ kind: 'match', block });
      if (block === last) break;
    }
  }
}

const blockOf = ({ basis, blockLength }: RecordedFile, block: number): Uint8Array =>
  basis.subarray(block * blockLength, (block + 1) * blockLength);

/** What the steps of a file stand for. */
export function rebuild(
  file: RecordedFile,
  steps: readonly Step[],
  codec: TokenDecompressor,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const emit = (bytes: Uint8Array): void => void parts.push(bytes.slice());
  codec.startFile();
  for (const step of steps) {
    if (step.kind === 'span') {
      for (const record of step.records) codec.record(record, emit);
      codec.endSpan(emit);
    } else {
      parts.push(blockOf(file, step.block));
      codec.matched(blockOf(file, step.block));
    }
  }
  return Buffer.concat(parts);
}

/** The same spans and matches, with our own records. */
export function compressAgain(file: RecordedFile, codec: TokenCompressor): Step[] {
  const result: Step[] = [];
  let position = 0;
  codec.startFile();
  file.steps.forEach((step, index) => {
    if (step.kind === 'match') {
      codec.matched(blockOf(file, step.block));
      position += blockOf(file, step.block).length;
      result.push(step);
      return;
    }
    const matchedLater = file.steps
      .slice(index)
      .reduce((sum, s) => sum + (s.kind === 'match' ? blockOf(file, s.block).length : 0), 0);
    const isLast = !file.steps.slice(index + 1).some(({ kind }) => kind === 'span');
    const end = isLast ? file.content.length - matchedLater : nextMatch(file, index, position);
    const records: Uint8Array[] = [];
    const emit = (bytes: Uint8Array): void => void records.push(bytes.slice());
    codec.literal(file.content.subarray(position, end), emit);
    codec.flush(emit);
    result.push({ kind: 'span', records });
    position = end;
  });
  return result;
}

/** Where the block that follows the span at `index` is found in the content. */
function nextMatch(file: RecordedFile, index: number, position: number): number {
  const next = file.steps[index + 1];
  if (next?.kind !== 'match') throw new Error('a span is followed by a match');
  return Buffer.from(file.content).indexOf(blockOf(file, next.block), position);
}
