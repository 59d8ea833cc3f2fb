import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findParameter, parameterKey } from './parameters.ts';

/** The text of one section, by `parameterKey`. */
export type RawValues = Map<string, string>;

/** A module as written. */
export interface RawModule {
  readonly name: string;
  readonly values: RawValues;
}

/** `rsyncd.conf` before types: texts by parameter. */
export interface RawConfig {
  readonly global: RawValues;
  readonly modules: readonly RawModule[];
  /** Lines that rsync logs and ignores too, one sentence each. */
  readonly warnings: readonly string[];
}

/** A file that rsync would not start with. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
}

/** Returns the bytes of a file as a byte string; throws when there is none. */
export type ReadConfigFile = (path: string) => string;

const readLatin1: ReadConfigFile = (path) => readFileSync(path, 'latin1');

/** Files may include files, but not without end. */
const MAX_DEPTH = 20;

const sectionKey = (name: string): string => name.toLowerCase().replaceAll(/\s+/g, '');

/** Reads `rsyncd.conf` and what it includes (docs/spec/session.md §11.1). */
class ConfigParser {
  readonly #read: ReadConfigFile;
  readonly modules: Map<string, RawModule> = new Map();
  readonly warnings: string[] = [];
  global: RawValues = new Map();
  #current: RawModule | undefined;

  constructor(read: ReadConfigFile) {
    this.#read = read;
  }

  parse(text: string, file: string, depth: number): void {
    for (const { line, number } of logicalLines(text)) {
      this.#line(line, `${file}:${number}`, depth);
    }
  }

  #line(line: string, where: string, depth: number): void {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    if (line.startsWith('[')) this.#section(line, where);
    else if (line.startsWith('&')) this.#directive(line, where, depth);
    else this.#assign(line, where);
  }

  #section(line: string, where: string): void {
    const end = line.indexOf(']');
    if (end < 0) throw new ConfigError(`${where}: missing "]" after a module name`);
    const name = line.slice(1, end).trim().replaceAll(/\s+/g, ' ');
    if (name === '') throw new ConfigError(`${where}: empty module name`);
    if (name.includes('/')) throw new ConfigError(`${where}: "/" in module name "${name}"`);
    if (sectionKey(name) === 'global') {
      this.#current = undefined;
      return;
    }
    const key = sectionKey(name);
    const known = this.modules.get(key);
    this.#current = known ?? { name, values: this.#defaults() };
    if (!known) this.modules.set(key, this.#current);
  }

  /** Module parameters set so far in the global context. */
  #defaults(): RawValues {
    const entries = [...this.global].filter(([key]) => findParameter(key)?.scope === 'module');
    return new Map(entries);
  }

  #assign(line: string, where: string): void {
    const equals = line.indexOf('=');
    if (equals < 0) {
      this.warnings.push(`${where}: ignoring badly formed line "${line}"`);
      return;
    }
    const name = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    const parameter = findParameter(name);
    if (!parameter) {
      this.warnings.push(`${where}: unknown parameter "${name}"`);
      return;
    }
    if (this.#current && parameter.scope === 'global') {
      this.warnings.push(`${where}: global parameter "${name}" in module "${this.#current.name}"`);
      return;
    }
    const values = this.#current?.values ?? this.global;
    values.set(parameterKey(parameter.name), value);
  }

  #directive(line: string, where: string, depth: number): void {
    const match = /^&(include|merge)\s+(.+)$/i.exec(line);
    if (!match?.[1] || !match[2]) throw new ConfigError(`${where}: unknown directive "${line}"`);
    if (depth >= MAX_DEPTH) throw new ConfigError(`${where}: files include each other`);
    const include = match[1].toLowerCase() === 'include';
    for (const path of filesAt(match[2], include ? '.conf' : '.inc')) {
      if (include) this.#include(path, depth + 1);
      else this.parse(this.#read(path), path, depth + 1);
    }
  }

  /** Globals changed inside an included file last to its end only. */
  #include(path: string, depth: number): void {
    const global = this.global;
    this.global = new Map(global);
    this.#current = undefined;
    this.parse(this.#read(path), path, depth);
    this.global = global;
    this.#current = undefined;
  }
}

function filesAt(path: string, extension: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter(
    (name) => name.endsWith(extension) && !name.startsWith('.'),
  );
  return names.sort().map((name) => join(path, name));
}

/** Lines without outer whitespace, those ending in a backslash joined with the next. */
function* logicalLines(text: string): Generator<{ line: string; number: number }> {
  let joined = '';
  let first = 0;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (joined === '') first = index + 1;
    const body = line.trimEnd();
    const comment = joined === '' && /^\s*[#;]/.test(body);
    if (body.endsWith('\\') && !comment && index < lines.length - 1) {
      joined += body.slice(0, -1);
      continue;
    }
    yield { line: (joined + body).trim(), number: first };
    joined = '';
  }
}

/**
 * Parse the text of an `rsyncd.conf` (byte string). Throws `ConfigError` where rsync refuses the
 * file as a whole.
 */
export function parseConfigText(
  text: string,
  file: string = 'rsyncd.conf',
  read: ReadConfigFile = readLatin1,
): RawConfig {
  const parser = new ConfigParser(read);
  parser.parse(text, file, 0);
  return {
    global: parser.global,
    modules: [...parser.modules.values()],
    warnings: parser.warnings,
  };
}
