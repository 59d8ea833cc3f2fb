import { expect, test } from 'vitest';
import { deviceAsFile, type FileStat, lstat } from '../src/index.ts';

test('a device without a length is an empty file, and a file is itself', () => {
  const file = lstat('.') as FileStat;
  expect(deviceAsFile(file)).toBe(file);
  const device = lstat('/dev/null') as FileStat;
  expect(device.type).toBe('char');
  const content = deviceAsFile(device);
  expect(content).toMatchObject({ type: 'file', size: 0, rdevMajor: 0, rdevMinor: 0 });
  expect(content.mode).toBe(0o100000 | (device.mode & 0o7777));
  const none = { ...device, type: 'block', rdevMajor: 4095, rdevMinor: 1 } as const;
  expect(deviceAsFile(none).size).toBe(0);
});
