import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { afterAll, expect, test } from 'vitest';
import { ConnectionSlots, createLockFile } from '../src/slots.ts';

const dir = temporaryDirectory('slots-');
afterAll(() => dir.remove());

test('a lock file has that many places, each given back once', () => {
  const slots = new ConnectionSlots();
  const file = dir.join('one');
  const first = slots.claim(file, 2);
  const second = slots.claim(file, 2);
  expect(slots.claim(file, 2)).toBeUndefined();
  expect(slots.claim(dir.join('other'), 1)).toBeDefined();
  first?.();
  first?.();
  expect(slots.claim(file, 2)).toBeDefined();
  expect(slots.claim(file, 2)).toBeUndefined();
  second?.();
});

test('a negative number disables a module', () => {
  expect(new ConnectionSlots().claim(dir.join('none'), -1)).toBeUndefined();
});

test('places of other processes count while they live', () => {
  const file = dir.join('shared');
  const holders = Buffer.alloc(12);
  holders.writeInt32LE(process.ppid, 0);
  holders.writeInt32LE(spawnSync('true').pid, 4);
  holders.writeInt32LE(-1, 8);
  writeFileSync(file, holders);
  const slots = new ConnectionSlots();
  const release = slots.claim(file, 2);
  expect(readFileSync(file).readInt32LE(0)).toBe(process.ppid);
  expect(readFileSync(file).readInt32LE(4)).toBe(process.pid);
  expect(slots.claim(file, 2)).toBeUndefined();
  release?.();
  expect(readFileSync(file).readInt32LE(4)).toBe(0);
  expect(slots.claim(file, 3)).toBeDefined();
});

test('without a file this process counts', () => {
  const slots = new ConnectionSlots();
  const file = dir.join('missing/lock');
  expect(slots.claim(file, 1)).toBeDefined();
  expect(slots.claim(file, 1)).toBeUndefined();
  expect(() => createLockFile(file)).toThrow('ENOENT');
  createLockFile(dir.join('made'));
  expect(statSync(dir.join('made')).mode & 0o777).toBe(0o600);
});
