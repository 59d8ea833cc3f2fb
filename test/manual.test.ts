import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { makeTree, temporaryDirectory } from '@deltawire/testkit';
import { afterAll, expect, test } from 'vitest';
import { OPTION_TABLE } from '../packages/options/src/index.ts';
import { completionSpellings } from '../scripts/manual/completion-words.ts';
import { generatedFiles } from '../scripts/manual.ts';

const root = new URL('../', import.meta.url);
const files = generatedFiles();
const [bash, zsh, fish, powershell] = [
  'deltawire.bash',
  '_deltawire',
  'deltawire.fish',
  'deltawire.ps1',
].map((name) => files.get(`apps/cli/completions/${name}`)!) as [string, string, string, string];

test.each([...files])('%s is what scripts/manual.ts makes', (path, text) => {
  const message = 'is stale: run "npx -y pnpm@12.21.0 manual"';
  expect(readFileSync(new URL(path, root), 'utf8') === text, `${path} ${message}`).toBe(true);
});

test('each option that is supported has a test, and the table names it', () => {
  const rows = files.get('docs/interop.md')!.match(/^\| `-.* \| 0\.1\.0 \|.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(140);
  expect(rows.filter((row) => !/0\.1\.0 \| [^|]+[^| ] \|/.test(row))).toEqual([]);
});

// -------------------------------------------------------------------------------- man pages

const pages = [...files].filter(([path]) => path.includes('/man/'));

test.each(pages)('%s uses the requests that every man(1) has', (_, page) => {
  const requests = new Set([...page.matchAll(/^\.(\S+)/gm)].map(([, name]) => name));
  const known = ['\\"', 'TH', 'SH', 'SS', 'PP', 'TP', 'IP', 'RS', 'RE', 'nf', 'fi'];
  expect([...requests].filter((name) => !known.includes(name!))).toEqual([]);
  expect(page.match(/^\.nf$/gm)?.length).toBe(page.match(/^\.fi$/gm)?.length);
  expect(page.match(/\\fB/g)?.length).toBe(page.match(/\\fR/g)?.length);
  // Each tag has a text.
  expect(page).not.toMatch(/^\.TP\n.*\n\.(TP|SH|SS)/m);
});

test.for(pages)('%s renders without a warning', ([, page], ctx) => {
  const { error, stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww'], {
    input: page,
    encoding: 'utf8',
  });
  if (error) return ctx.skip('there is no groff on this machine');
  expect(stderr).toBe('');
  expect(stdout).toContain('NAME');
});

// ------------------------------------------------------------------------------ completions

const directory = temporaryDirectory('completions-');
afterAll(() => directory.remove());
makeTree(directory.path, { 'photos/a': '', plain: '' });

const spellings = completionSpellings().map(({ text }) => text);

test('shells are offered what the help text shows, and nothing that is refused', () => {
  expect(spellings).toContain('--no-motd');
  expect(spellings).not.toContain('--motd');
  expect(spellings).not.toContain('--sender');
  const refused = OPTION_TABLE.filter((row) => row.status === 'refused');
  expect(refused.filter((row) => spellings.includes(`--${row.name}`))).toEqual([]);
  expect(new Set(spellings).size).toBe(spellings.length);
});

/** What bash would put in place of the last of these words. */
function bashOffers(...words: readonly string[]): string[] {
  writeFileSync(directory.join('deltawire.bash'), bash);
  const script = `
    source ./deltawire.bash
    complete -p deltawire >&2
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _deltawire
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, error } = spawnSync(
    'bash',
    ['--norc', '-c', script, 'bash', 'deltawire', ...words],
    { cwd: directory.path, encoding: 'utf8' },
  );
  if (error) throw error;
  expect(stderr).toContain('complete -o bashdefault -o default -F _deltawire deltawire');
  return stdout.split('\n').filter((line) => line !== '');
}

test.each([
  [['--max-d'], ['--max-delete=']],
  [['--no-whole'], ['--no-whole-file']],
  [['-av', '--archi'], ['--archive']],
  [['--stderr', '=', 'a'], ['all']],
  [
    ['--stderr', '='],
    ['errors', 'all', 'client'],
  ],
  [['--outbuf', 'L'], ['Line']],
  [['--info', '=', 'name2,st'], ['name2,stats']],
  [
    ['--compress-choice', '=', 'z'],
    ['zstd', 'zlibx', 'zlib'],
  ],
  [['--backup-dir', '=', 'ph'], ['photos']],
  [['-T', ''], ['photos']],
  // Files are what bash offers by itself.
  [['--exclude-from', '=', 'pl'], []],
  [['pl'], []],
  [
    ['--iconv'],
    OPTION_TABLE.some((o) => o.name === 'iconv' && o.status === 'refused') ? [] : ['--iconv='],
  ],
])('bash: %j', (words, wanted) => {
  expect(bashOffers(...words)).toEqual(wanted);
});

test('bash is offered every spelling', () => {
  const offered = bashOffers('-').map((text) => text.replace(/=$/, ''));
  expect(offered).toEqual(spellings);
});

/** Run a shell; undefined when it is not there. */
function shell(name: string, ...args: readonly string[]): string | undefined {
  const result = spawnSync(name, args, { cwd: directory.path, encoding: 'utf8' });
  if (result.error) return undefined;
  expect(result.stderr).toBe('');
  return result.stdout;
}

test('fish', (ctx) => {
  writeFileSync(directory.join('deltawire.fish'), fish);
  const offers = (line: string): string[] | undefined =>
    shell('fish', '--no-config', '-c', 'source deltawire.fish; complete -C $argv[1]', line)
      ?.split('\n')
      .map((entry) => entry.split('\t')[0]!)
      .filter((entry) => entry !== '');
  if (offers('deltawire -') === undefined) return ctx.skip('there is no fish on this machine');
  expect(offers('deltawire --archi')).toEqual(['--archive']);
  expect(offers('deltawire --stderr=')).toEqual([
    '--stderr=all',
    '--stderr=client',
    '--stderr=errors',
  ]);
  expect(offers('deltawire --info=name2,stat')).toEqual(['--info=name2,stats']);
  expect(offers('deltawire --backup-dir ph')).toEqual(['photos/']);
  expect(offers('deltawire --exclude-from pl')).toEqual(['plain']);
});

const ZSH_SETUP = `
PS1='> ' TERM=dumb fpath=($PWD $fpath)
autoload -U compinit
compinit -D -u
show() { zle complete-word; print -r -- "<<$BUFFER>>"; zle kill-whole-line }
zle -N show
bindkey '^X' show
`;
/** Types into an interactive zsh, and prints what the line has become. */
const ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z '. ./setup.zsh'
zpty -w -n z "deltawire $1"$'\\C-X'
repeat 200; do
  zpty -r -t z line && print -rn -- "$line" || sleep 0.05
  [[ $line == *'>>'* ]] && break
done
zpty -d z
`;

test('zsh', (ctx) => {
  writeFileSync(directory.join('_deltawire'), zsh);
  writeFileSync(directory.join('setup.zsh'), ZSH_SETUP);
  if (shell('zsh', '-n', '_deltawire') === undefined) {
    return ctx.skip('there is no zsh on this machine');
  }
  const line = (words: string): string =>
    /<<(.*?)>>/.exec(shell('zsh', '-f', '-c', ZSH, 'zsh', words)!)?.[1] ?? '';
  expect(line('--archi')).toBe('deltawire --archive ');
  expect(line('--stderr=cl')).toBe('deltawire --stderr=client ');
  expect(line('--info=name2,stat')).toBe('deltawire --info=name2,stats,');
  expect(line('--backup-dir=ph')).toBe('deltawire --backup-dir=photos/');
});

test('PowerShell: strings, brackets and spellings', () => {
  const code = powershell.replaceAll(/^\s*#.*$/gm, '').replaceAll(/'(?:[^']|'')*'/g, 'S');
  expect(code).not.toContain("'");
  for (const [open, close] of ['()', '{}', '[]']) {
    expect(code.split(open!).length, open).toBe(code.split(close!).length);
  }
  for (const text of spellings) expect(powershell).toContain(`@('${text}', '`);
});

test('PowerShell', (ctx) => {
  writeFileSync(directory.join('deltawire.ps1'), powershell);
  const script = `. ./deltawire.ps1
    (TabExpansion2 'deltawire --archi' 17).CompletionMatches.CompletionText`;
  const printed = shell('pwsh', '-NoProfile', '-Command', script);
  if (printed === undefined) return ctx.skip('there is no PowerShell on this machine');
  expect(printed.trim()).toBe('--archive');
});
