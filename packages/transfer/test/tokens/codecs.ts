/** Token writers and readers without a session around them. */
import type { CompressorName } from '@deltawire/compression';
import { createDialect } from '@deltawire/protocol';
import type { BlockLayout } from '@deltawire/signature';
import { connectionPair } from '@deltawire/testkit';
import type { Agreement } from '../../src/handshake.ts';
import { loadCompression } from '../../src/tokens/compression.ts';
import { createTokenReader, type TokenReader } from '../../src/tokens/token-reader.ts';
import { createTokenWriter, type TokenWriter } from '../../src/tokens/token-writer.ts';
import { Wire } from '../../src/wire.ts';

export type Codec = CompressorName | 'none';

export const CODECS: readonly Codec[] = ['none', 'zlib', 'zlibx', 'zstd', 'lz4'];

/** A file in the sender's terms: literal bytes, or blocks of the basis. */
export type Operation =
  | { readonly kind: 'literal'; readonly bytes: Uint8Array }
  | { readonly kind: 'match'; readonly block: number; readonly count: number };

/** A file with what its operations refer to. */
export interface SampleFile {
  readonly basis: Uint8Array;
  readonly layout: BlockLayout;
  readonly operations: readonly Operation[];
}

export function layoutOf(fileLength: number, blockLength: number): BlockLayout {
  return {
    fileLength,
    blockLength,
    blockCount: Math.ceil(fileLength / blockLength),
    remainderLength: fileLength % blockLength,
    strongLength: 2,
  };
}

export const readAtOf =
  (content: Uint8Array) =>
  (target: Uint8Array, position: number): number => {
    const part = content.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  };

const dataOf = ({ basis, layout }: SampleFile, operation: Operation): Uint8Array =>
  operation.kind === 'literal'
    ? operation.bytes
    : basis.subarray(
        operation.block * layout.blockLength,
        (operation.block + operation.count) * layout.blockLength,
      );

export const contentOf = (file: SampleFile): Buffer =>
  Buffer.concat(file.operations.map((operation) => dataOf(file, operation)));

async function agreementOf(codec: Codec, protocol: number): Promise<Agreement> {
  const level = codec === 'lz4' ? 0 : codec === 'zstd' ? 3 : 6;
  const compression = codec === 'none' ? undefined : await loadCompression(codec, level);
  // Nothing else of an agreement concerns tokens.
  return { dialect: createDialect(protocol, 0), compression } as Agreement;
}

/** Write files as a sender does; the bytes of all of them. */
export async function writeFiles(
  codec: Codec,
  protocol: number,
  files: readonly SampleFile[],
): Promise<Buffer> {
  const [near, far] = connectionPair({ capacity: Number.MAX_SAFE_INTEGER });
  const wire = new Wire(near, { onMessage: () => {} });
  const agreement = await agreementOf(codec, protocol);
  const writer = createTokenWriter(wire, agreement);
  for (const file of files) writeFile(writer, file);
  await wire.finish(0);
  agreement.compression?.close();
  const chunks: Uint8Array[] = [];
  for await (const chunk of far.input) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function writeFile(writer: TokenWriter, file: SampleFile): void {
  let position = 0;
  writer.startFile({
    read: readAtOf(contentOf(file)),
    blockLength: file.layout.blockLength,
  });
  for (const operation of file.operations) {
    const { length } = dataOf(file, operation);
    if (operation.kind === 'literal') writer.literal(operation.bytes);
    else writer.match({ block: operation.block, count: operation.count, position, length });
    position += length;
  }
  writer.end();
}

/** Read files as a receiver does, from bytes that arrive in these chunks. */
export async function readFiles(
  codec: Codec,
  protocol: number,
  files: readonly Pick<SampleFile, 'basis' | 'layout'>[],
  chunks: Iterable<Uint8Array>,
): Promise<Buffer[]> {
  const [near, far] = connectionPair({ capacity: Number.MAX_SAFE_INTEGER });
  for (const chunk of chunks) await far.write(chunk);
  await far.end();
  const wire = new Wire(near, { onMessage: () => {} });
  const agreement = await agreementOf(codec, protocol);
  const reader = createTokenReader(wire, agreement);
  const contents: Buffer[] = [];
  for (const file of files) contents.push(await readFile(reader, wire, file));
  agreement.compression?.close();
  return contents;
}

async function readFile(
  reader: TokenReader,
  wire: Wire,
  { basis, layout }: Pick<SampleFile, 'basis' | 'layout'>,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const sink = {
    literal: (bytes: Uint8Array): void => void parts.push(bytes.slice()),
    match: (block: number, count: number): void =>
      void parts.push(
        basis.subarray(block * layout.blockLength, (block + count) * layout.blockLength),
      ),
  };
  reader.startFile({ layout, readBasis: readAtOf(basis) });
  for (;;) {
    const step = reader.step(sink);
    if (step === 'end') return Buffer.concat(parts);
    if (step === 'starved') await wire.fill();
  }
}
