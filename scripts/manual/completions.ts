import { completionSpellings, type Spelling, type Value } from './completion-words.ts';

const NOTE = 'Made by scripts/manual.ts.';

const joined = (spellings: readonly Spelling[]): string =>
  spellings.map(({ text }) => text).join('|');
const isLong = ({ text }: Spelling): boolean => text.startsWith('--');
const takesValue = ({ value }: Spelling): boolean => value.kind !== 'none';

/** Spellings with the same value, together. */
function byValue(spellings: readonly Spelling[]): [Value, Spelling[]][] {
  const groups = new Map<string, [Value, Spelling[]]>();
  for (const spelling of spellings.filter(takesValue)) {
    const key = JSON.stringify(spelling.value);
    const group = groups.get(key);
    if (group) group[1].push(spelling);
    else groups.set(key, [spelling.value, [spelling]]);
  }
  return [...groups.values()];
}

// ------------------------------------------------------------------------------------ bash

function bashReply(value: Value): string {
  switch (value.kind) {
    case 'words': {
      const list = value.words.join(' ');
      if (!value.list) return `COMPREPLY=($(compgen -W '${list}' -- "$cur"))`;
      return `COMPREPLY=($(compgen -P "\${cur%"\${cur##*,}"}" -W '${list}' -- "\${cur##*,}"))`;
    }
    case 'directory':
      return `local IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$cur")); compopt -o filenames 2>/dev/null`;
    case 'text':
      return 'compopt +o default +o bashdefault 2>/dev/null';
    default:
      return ':'; // file names are what bash offers by itself
  }
}

/** For `source`, or a directory of bash-completion. */
export function bashCompletion(): string {
  const spellings = completionSpellings();
  const cases = byValue(spellings).map(
    ([value, group]) =>
      `        ${joined(group)})\n            ${bashReply(value)}\n            return ;;`,
  );
  const offered = spellings.map((s) => (isLong(s) && takesValue(s) ? `${s.text}=` : s.text));
  return `# Completion of deltawire for bash. ${NOTE}

_deltawire() {
    local cur=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    # --option=value comes in three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $option == = ]]; then
        option=\${COMP_WORDS[COMP_CWORD-2]}
    fi
    case $option in
${cases.join('\n')}
    esac
    [[ $cur == -* ]] || return
    COMPREPLY=($(compgen -W '
${offered.map((text) => `        ${text}`).join('\n')}
    ' -- "$cur"))
    [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}

complete -o bashdefault -o default -F _deltawire deltawire
`;
}

// ------------------------------------------------------------------------------------- zsh

function zshValue(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'file':
      return ':file:_files';
    case 'directory':
      return ':directory:_files -/';
    case 'text':
      return ':value: ';
    case 'words':
      return value.list
        ? `:words:_sequence compadd - ${value.words.join(' ')}`
        : `:word:(${value.words.join(' ')})`;
  }
}

function zshSpec(spelling: Spelling): string {
  const mark = takesValue(spelling) ? (isLong(spelling) ? '=' : '+') : '';
  const text = spelling.description.replaceAll(/[[\]:\\]/g, '\\$&');
  const spec = `*${spelling.text}${mark}[${text}]${zshValue(spelling.value)}`;
  return `'${spec.replaceAll("'", "'\\''")}'`;
}

/** For a directory of `$fpath`, as `_deltawire`. */
export function zshCompletion(): string {
  const specs = completionSpellings().map((spelling) => `    ${zshSpec(spelling)} \\`);
  return `#compdef deltawire
# Completion of deltawire for zsh. ${NOTE}

_arguments -s -S : \\
${specs.join('\n')}
    '*:file:_files'
`;
}

// ------------------------------------------------------------------------------------ fish

function fishValue(value: Value): string {
  switch (value.kind) {
    case 'none':
      return '';
    case 'file':
      return ' -r -F';
    case 'directory':
      return " -x -a '(__fish_complete_directories)'";
    case 'text':
      return ' -x';
    case 'words':
      return value.list
        ? ` -x -a '(__fish_append , ${value.words.join(' ')})'`
        : ` -x -a '${value.words.join(' ')}'`;
  }
}

/** For `~/.config/fish/completions/deltawire.fish`. */
export function fishCompletion(): string {
  const lines = completionSpellings().map((spelling) => {
    const name = isLong(spelling) ? `-l ${spelling.text.slice(2)}` : `-s ${spelling.text.slice(1)}`;
    const description = spelling.description.replaceAll(/[\\']/g, '\\$&');
    return `complete -c deltawire ${name}${fishValue(spelling.value)} -d '${description}'`;
  });
  return `# Completion of deltawire for fish. ${NOTE}\n\n${lines.join('\n')}\n`;
}

// ------------------------------------------------------------------------------ PowerShell

const psString = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** For a PowerShell profile. Letters are compared as they are: \`-h\` and \`-H\` are two options. */
export function powershellCompletion(): string {
  const spellings = completionSpellings();
  const options = spellings.map(
    (s) => `        @(${psString(s.text)}, ${psString(s.description || s.text)})`,
  );
  const values = byValue(spellings.filter(isLong)).flatMap(([value, group]) =>
    value.kind !== 'words'
      ? []
      : group.map((s) => `        ${psString(s.text)} = ${value.words.map(psString).join(', ')}`),
  );
  return `# Completion of deltawire for PowerShell. ${NOTE}

Register-ArgumentCompleter -Native -CommandName deltawire -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $options = @(
${options.join('\n')}
    )
    $values = @{
${values.join('\n')}
    }

    $word = "$wordToComplete"
    if ($word -match '^(--[a-z0-9-]+)=(.*)$') {
        $option = $Matches[1]
        $start = $Matches[2]
        if (-not $values.ContainsKey($option)) { return }
        foreach ($value in $values[$option]) {
            if ($value.StartsWith($start, [System.StringComparison]::Ordinal)) {
                $text = "$option=$value"
                [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $value)
            }
        }
        return
    }
    # Anything else is a file, which PowerShell completes by itself.
    if (-not $word.StartsWith('-')) { return }
    foreach ($option in $options) {
        if ($option[0].StartsWith($word, [System.StringComparison]::Ordinal)) {
            [System.Management.Automation.CompletionResult]::new($option[0], $option[0], 'ParameterName', $option[1])
        }
    }
}
`;
}
