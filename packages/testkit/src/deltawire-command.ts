import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Node can wait for ever at its end while this compiler is at work (nodejs/node#54918): rare, but not
 * among the thousands of runs that the tests make on a busy machine.
 */
const NODE = [process.execPath, '--no-maglev'];

/**
 * Arguments that start our program: the built one when it is newer than every source file, else the
 * sources themselves.
 */
export function deltawireCommand(): string[] {
  command ??= isBuilt()
    ? [...NODE, `${repository}apps/cli/dist/bin.js`]
    : [...NODE, '--conditions=@deltawire/source', `${repository}apps/cli/src/bin.ts`];
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
