import { readFileSync } from 'node:fs';
import { type FileStat, FileTypeBits } from './file-stat.ts';

/** The unit of the sizes in /sys, whatever the device's own sectors are, in bytes. */
const SECTOR_BYTES = 512;

/**
 * A device as the file that its content would be: a block device has a length, which Linux tells, and
 * any other is empty. What is no device is returned as it is.
 */
export function deviceAsFile(stat: FileStat): FileStat {
  if (stat.type !== 'char' && stat.type !== 'block') return stat;
  const { rdevMajor, rdevMinor } = stat;
  const size = stat.type === 'block' ? blockDeviceBytes(rdevMajor, rdevMinor) : 0;
  const mode = (stat.mode & 0o7777) | FileTypeBits.FILE;
  return { ...stat, type: 'file', mode, size, rdevMajor: 0, rdevMinor: 0 };
}

function blockDeviceBytes(major: number, minor: number): number {
  try {
    const sectors = Number(readFileSync(`/sys/dev/block/${major}:${minor}/size`, 'latin1'));
    return Number.isSafeInteger(sectors) ? sectors * SECTOR_BYTES : 0;
  } catch {
    return 0; // there is no such device, or nobody tells its length
  }
}
