import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Arguments that start our program: the built one when it is newer than every source file, else the
 * sources themselves.
 */
export function deltawireCommand(): string[] {
  command ??= isBuilt()
    ? [process.execPath, `${repository}apps/cli/dist/bin.js`]
    : [process.execPath, '--conditions=@deltawire/source', `${repository}apps/cli/src/bin.ts`];
  return [...command];
}

let command: readonly string[] | undefined;

function isBuilt(): boolean {
  const packages = readdirSync(`${repository}packages`)
    .filter((name) => name !== 'testkit')
    .map((name) => [`${repository}packages/${name}`, 'dist/index.js'] as const);
  return [...packages, [`${repository}apps/cli`, 'dist/bin.js'] as const].every(
    ([root, output]) => {
      const built = `${root}/${output}`;
      return existsSync(built) && newestFile(`${root}/src`) <= statSync(built).mtimeMs;
    },
  );
}

/** Latest modification below a directory, in ms. */
function newestFile(directory: string): number {
  let newest = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    newest = Math.max(newest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs);
  }
  return newest;
}
