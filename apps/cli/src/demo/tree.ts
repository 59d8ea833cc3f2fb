import {
  appendFileSync,
  chmodSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Numbers that look random and are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomBytes(length: number, random: () => number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i + 4 <= length; i += 4)
    bytes.writeUInt32LE(Math.floor(random() * 4294967296), i);
  return bytes;
}

const WORDS = 'wire block delta match basis token sender file list sum window phase frame'.split(
  ' ',
);

function prose(length: number, random: () => number): Buffer {
  let text = '';
  while (text.length < length) text += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return Buffer.from(text.slice(0, length));
}

const DIRECTORIES = 24;
const FILES_EACH = 14;
const BIG_FILE = 'media/disk.img';
const BIG_BYTES = 8 * 1024 * 1024;
/** Files that are large enough to be worth a signature, and that the edits touch. */
const ARCHIVES = 48;
const ARCHIVE_BYTES = 512 * 1024;
/** The past, so that an edit always changes the time. */
const LONG_AGO = 1_700_000_000;

const archive = (i: number): string => `archives/volume-${i}.bin`;
const page = (d: number, f: number): string =>
  `docs/part-${d}/${d % 3 === 0 ? 'deep/er/' : ''}page-${f}.txt`;

/** Fill an empty directory with a tree of a few hundred files, some megabytes and some links. */
export function generateTree(root: string): void {
  const random = randomNumbers(1);
  const put = (name: string, bytes: Uint8Array, mode = 0o644): void => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    chmodSync(path, mode);
    utimesSync(path, LONG_AGO, LONG_AGO + Math.floor(random() * 1e6));
  };
  for (let d = 0; d < DIRECTORIES; d++) {
    for (let f = 0; f < FILES_EACH; f++) {
      put(
        page(d, f),
        prose(Math.floor(random() ** 3 * 60_000), random),
        f % 7 === 0 ? 0o600 : 0o644,
      );
    }
    symlinkSync('page-1.txt', join(root, dirname(page(d, 0)), 'latest'));
  }
  for (let i = 0; i < ARCHIVES; i++) put(archive(i), randomBytes(ARCHIVE_BYTES, random));
  put(BIG_FILE, randomBytes(BIG_BYTES, random));
  put('bin/run', prose(2000, random), 0o755);
  put('empty', new Uint8Array(0));
  symlinkSync('media/disk.img', join(root, 'current'));
  ageDirectories(root, LONG_AGO);
}

/**
 * Give directories and links a whole second of the past: as rsync does, the receiving side leaves
 * the fraction of theirs alone when the second is right already, and here both are made in one.
 */
function ageDirectories(root: string, seconds: number): void {
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    if (entry.isDirectory()) ageDirectories(path, seconds);
    else if (entry.isSymbolicLink()) lutimesSync(path, seconds, seconds);
  }
  utimesSync(root, seconds, seconds);
}

/** What the demo does to the tree between the two pulls, in words. */
export const EDITS: string =
  'append to 14 archives, insert into 14, overwrite the middle of 14 and of the big file, ' +
  'rewrite 2 pages, add 2, delete a directory and a file, chmod 2, turn a link round';

/** Change the tree as {@link EDITS} says. */
export function editTree(root: string): void {
  const random = randomNumbers(2);
  const at = (name: string): string => join(root, name);
  for (let i = 0; i < 14; i++) appendFileSync(at(archive(i)), prose(3000, random));
  for (let i = 14; i < 28; i++) insert(at(archive(i)), 1000 * i, prose(500, random));
  for (let i = 28; i < 42; i++)
    overwrite(at(archive(i)), ARCHIVE_BYTES / 2, randomBytes(2000, random));
  overwrite(at(BIG_FILE), BIG_BYTES / 2, randomBytes(10_000, random));
  for (const f of [1, 2]) writeFileSync(at(page(1, f)), prose(5000, random));
  for (const f of [1, 2]) writeFileSync(at(`docs/new-${f}.txt`), prose(2000, random));
  rmSync(at(dirname(page(2, 0))), { recursive: true });
  rmSync(at('empty'));
  chmodSync(at(page(4, 3)), 0o400);
  chmodSync(at('bin/run'), 0o700);
  rmSync(at('current'));
  symlinkSync('archives', at('current'));
  ageDirectories(root, LONG_AGO + 3600);
}

function insert(path: string, offset: number, bytes: Uint8Array): void {
  const old = readFileSync(path);
  writeFileSync(path, Buffer.concat([old.subarray(0, offset), bytes, old.subarray(offset)]));
}

function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const content = readFileSync(path);
  content.set(bytes, offset);
  writeFileSync(path, content);
}
