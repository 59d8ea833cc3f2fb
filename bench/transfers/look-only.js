/**
 * What a no-op run cannot do without: list the given trees and look at everything in them, with nothing
 * but Node's own functions.
 *
 *     node look-only.js DIRECTORY…
 */
import { lstatSync, readdirSync } from 'node:fs';

const pending = process.argv.slice(2);
let bytes = 0n;
for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
  for (const name of readdirSync(directory)) {
    const path = `${directory}/${name}`;
    const stat = lstatSync(path, { bigint: true });
    bytes += stat.size;
    if (stat.isDirectory()) pending.push(path);
  }
}
console.log(bytes);
