import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands for ssh in `-e`: drops `-l USER`, other options and the host, and runs the rest here. Like
 * sshd it joins the words with blanks and leaves them to a shell.
 */
const SCRIPT = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    -l | -p | -o | -i) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
shift
exec /bin/sh -c "$*"
`;

/** Write the script into a directory. Returns its path, to be used as `-e PATH`. */
export function remoteShellScript(directory: string): string {
  const path = join(directory, 'remote-shell');
  writeFileSync(path, SCRIPT, { mode: 0o755 });
  return path;
}
