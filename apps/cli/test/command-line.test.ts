import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine } from '../src/command-line.ts';

test('arguments become byte strings', () => {
  expect(commandLine(['-a', 'ü'])).toEqual(['-a', '\xc3\xbc']);
});

test.runIf(process.platform === 'linux')('bytes that are no UTF-8 survive', () => {
  const module = new URL('../src/command-line.ts', import.meta.url);
  const program = `import(process.argv[1]).then((m) => console.log(JSON.stringify(m.commandLine(process.argv.slice(2)))))`;
  // A shell makes the bytes; Node could not hand them over.
  const script = `exec "$1" -e "$2" "$3" plain "$(printf 'in\\377valid')"`;
  const output = execFileSync('sh', ['-c', script, 'sh', process.execPath, program, module.href]);
  expect(JSON.parse(output.toString())).toEqual(['plain', 'in\xffvalid']);
});
