import { readFileSync } from 'node:fs';

/** The name of a user, undefined when the system knows none. */
export function userName(uid: number): string | undefined {
  return users.name(uid);
}

/** The name of a group. */
export function groupName(gid: number): string | undefined {
  return groups.name(gid);
}

/** The number of a user. */
export function userId(name: string): number | undefined {
  return users.id(name);
}

/** The number of a group. */
export function groupId(name: string): number | undefined {
  return groups.id(name);
}

/** The group that a user's line of the database names; undefined when there is no such user. */
export function primaryGroup(uid: number): number | undefined {
  return users.group(uid);
}

/**
 * One of the system's two name tables. The file is read at the first question; `getent` is asked about
 * what is not in it only where nsswitch.conf names other sources, and each question once.
 */
class NameTable {
  readonly #database: 'passwd' | 'group';
  #names: Map<number, string | undefined> = new Map();
  #ids: Map<string, number | undefined> = new Map();
  /** Of users, by number. */
  readonly #groups: Map<number, number | undefined> = new Map();
  #loaded = false;
  #hasOtherSources = false;

  constructor(database: 'passwd' | 'group') {
    this.#database = database;
  }

  name(id: number): string | undefined {
    this.#load();
    if (!this.#names.has(id)) this.#names.set(id, this.#ask(String(id))?.name);
    return this.#names.get(id);
  }

  id(name: string): number | undefined {
    this.#load();
    if (!this.#ids.has(name)) {
      // A name of digits would be taken for a number by getent.
      this.#ids.set(name, /^\d+$/.test(name) ? undefined : this.#ask(name)?.id);
    }
    return this.#ids.get(name);
  }

  group(id: number): number | undefined {
    this.#load();
    if (!this.#groups.has(id)) this.#groups.set(id, this.#ask(String(id))?.group);
    return this.#groups.get(id);
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#hasOtherSources = hasOtherSources(readText('/etc/nsswitch.conf'), this.#database);
    for (const { name, id, group } of parseNameTable(readText(`/etc/${this.#database}`))) {
      // The first line of a name or a number is the one that counts.
      if (!this.#names.has(id)) this.#names.set(id, name);
      if (!this.#ids.has(name)) this.#ids.set(name, id);
      if (!this.#groups.has(id)) this.#groups.set(id, group);
    }
  }

  #ask(key: string): NameLine | undefined {
    if (!this.#hasOtherSources || key === '' || key.startsWith('-')) return undefined;
    // Loaded here: most systems never get this far.
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const answer = spawnSync('getent', [this.#database, key], { encoding: 'latin1' });
    return answer.status === 0 ? parseNameTable(answer.stdout)[0] : undefined;
  }
}

interface NameLine {
  readonly name: string;
  readonly id: number;
  /** Only lines of users have one. */
  readonly group: number | undefined;
}

/** Lines of /etc/passwd or /etc/group: `name:password:number:…`. @internal */
export function parseNameTable(text: string): NameLine[] {
  const lines: NameLine[] = [];
  for (const line of text.split('\n')) {
    const [name = '', , number = '', group = ''] = line.split(':', 4);
    if (name === '' || name.startsWith('#') || !/^\d+$/.test(number)) continue;
    lines.push({
      name,
      id: Number(number),
      group: /^\d+$/.test(group) ? Number(group) : undefined,
    });
  }
  return lines;
}

/** Whether nsswitch.conf sends questions about `database` elsewhere than to the file. @internal */
export function hasOtherSources(nsswitch: string, database: string): boolean {
  for (const line of nsswitch.split('\n')) {
    const [key, sources] = line.replace(/#.*/, '').split(':', 2);
    if (key?.trim() !== database || sources === undefined) continue;
    const names = sources.replace(/\[[^\]]*\]/g, ' ').split(/\s+/);
    return names.some((name) => name !== '' && name !== 'files');
  }
  return false;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // no such table: then nobody has a name
  }
}

const users = new NameTable('passwd');
const groups = new NameTable('group');
