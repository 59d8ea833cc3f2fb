import { createDialect } from '@deltawire/protocol';
import type { ScanMessage, ScanOptions } from '../src/scan-options.ts';

/** What a scan by default is: `-r -l` at protocol 32, incremental. */
export function scanOptions(options: Partial<ScanOptions> = {}): ScanOptions {
  return {
    args: ['.'],
    dialect: createDialect(32, 0x1ff),
    recursive: true,
    dirs: false,
    relative: false,
    impliedDirs: true,
    links: true,
    copyLinks: false,
    copyDirlinks: false,
    copyUnsafeLinks: false,
    hardLinks: false,
    oneFileSystem: 0,
    inlineNames: false,
    onMessage: ({ text }: ScanMessage) => {
      throw new Error(`unexpected message: ${text}`);
    },
    ...options,
  };
}
