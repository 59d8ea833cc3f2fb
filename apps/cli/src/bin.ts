#!/usr/bin/env node
import { statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

/**
 * Where compiled code may be cached between runs: below the user's own home. Not the temporary
 * directory that Node would choose, because there another user could plant code for root to run.
 */
function cacheDirectory(): string | undefined {
  const { HOME, XDG_CACHE_HOME } = process.env;
  const base = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  if (!base?.startsWith('/')) return undefined;
  try {
    const owner = statSync(XDG_CACHE_HOME || HOME!).uid;
    return owner === process.getuid?.() ? `${base}/deltawire` : undefined;
  } catch {
    return undefined; // no such home: nothing to cache in
  }
}

const directory = cacheDirectory();
if (directory !== undefined) enableCompileCache(directory);

const { run } = await import('./main.ts');
await run();
