/**
 * The tests run against the real rsync, and one of them through a real sshd: make sure that both are
 * there before the first test, rather than skip in silence. As root on a system with apt they are
 * installed.
 */
import { spawnSync } from 'node:child_process';
import { findProgram } from '@deltawire/testkit';

const needed = { rsync: 'rsync', ssh: 'openssh-client', sshd: 'openssh-server' };

const missing = (): string[] =>
  Object.entries(needed)
    .filter(([program, debianPackage]) => {
      try {
        findProgram(program, debianPackage);
        return false;
      } catch {
        return true;
      }
    })
    .map(([, debianPackage]) => debianPackage);

function install(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    // Standard output belongs to the command that this script guards.
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 2, 2] });
  }
}

if (missing().length > 0 && process.getuid?.() === 0) install(missing());
const left = missing();
if (left.length > 0) {
  console.error(
    `The tests need programs that are not installed: apt-get install ${left.join(' ')}`,
  );
  process.exitCode = 1;
}
