import { bytesToText, textToBytes } from '@deltawire/protocol';

/** A program and its arguments as `child_process.spawn` takes them. */
export interface SpawnCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * A command of byte strings as something Node can start. Node encodes arguments as UTF-8, so a
 * byte sequence that is not valid UTF-8 would arrive changed; such a command is spelled out in
 * ASCII for `/bin/sh`, which puts the bytes together and replaces itself by the program.
 */
export function commandArguments(command: readonly string[]): SpawnCommand {
  const texts = command.map((argument) => bytesToText(argument));
  const exact = texts.every((text, i) => textToBytes(text) === command[i]);
  if (exact) return { file: texts[0] ?? '', args: texts.slice(1) };
  const setup = command.map((argument, i) => `a${i}=$(printf '${octal(argument)}x')`);
  const words = command.map((_, i) => `"\${a${i}%x}"`);
  return { file: '/bin/sh', args: ['-c', `${setup.join('; ')}; exec ${words.join(' ')}`] };
}

/** Every byte as a printf escape; the `x` after it protects trailing newlines. */
function octal(argument: string): string {
  let text = '';
  for (let i = 0; i < argument.length; i++) {
    text += `\\${argument.charCodeAt(i).toString(8).padStart(3, '0')}`;
  }
  return text;
}
