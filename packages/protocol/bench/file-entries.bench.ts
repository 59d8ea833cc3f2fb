import { test } from 'vitest';
import {
  type ByteReader,
  ByteWriter,
  createDialect,
  createFileEntry,
  DecodeBuffer,
  type EntryCodecOptions,
  FileEntryReader,
  FileEntryWriter,
} from '../src/index.ts';

const COUNT = 20_000;

const entries = Array.from({ length: COUNT }, (_, i) =>
  createFileEntry({
    name: `src/module-${(i / 50) | 0}/component-${i}.ts`,
    mode: i % 50 === 0 ? 0o40755 : 0o100644,
    size: i * 37,
    mtime: 1700000000 + i,
    mtimeNs: (i * 7919) % 1e9,
    uid: 1000 + (i % 3),
    gid: 1000,
  }),
);

/**
 * 20,000 entries per round: 50 rounds a second are a million entries. vitest reads every import through
 * a getter, which takes more than half of the time here; plain Node decodes two to three million.
 */
for (const protocol of [29, 32]) {
  test(`file list of ${COUNT} entries, protocol ${protocol}`, async ({ bench }) => {
    const dialect = createDialect(protocol, 0x1ff);
    const options: EntryCodecOptions = {
      uid: true,
      gid: true,
      links: true,
      devices: true,
      specials: true,
      hardLinks: false,
      checksumLength: 0,
      atimes: false,
      crtimes: false,
      inlineNames: true,
      relative: false,
    };
    const write = (): Uint8Array => {
      const out = new ByteWriter();
      const writer = new FileEntryWriter(dialect, options);
      for (const entry of entries) writer.write(out, entry, 1);
      writer.end(out, 0);
      return out.take();
    };
    const list = write();
    const read = (): number => {
      const entryReader = new FileEntryReader(dialect, options);
      entryReader.beginList(1);
      const buffer = new DecodeBuffer();
      const next = (reader: ByteReader): unknown => entryReader.read(reader);
      let count = 0;
      for (let at = 0; at < list.length; at += 32_768) {
        buffer.push(list.subarray(at, at + 32_768));
        while (buffer.attempt(next) !== undefined) count++;
      }
      return count;
    };
    await bench.compare(bench('write', write), bench('read, chunks of 32 KiB', read), {
      time: 500,
    });
  });
}
