/** Mistakes in the command line: exit codes and messages are rsync's. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { afterAll, expect, test } from 'vitest';
import { runProgram } from './program.ts';
import { type Printed, realRsync } from './real-rsync.ts';

const directory = temporaryDirectory('mistakes-');
afterAll(() => directory.remove());

/** A directory with a source in it. */
function prepared(name: string): string {
  const path = directory.join(name);
  mkdirSync(`${path}/src`, { recursive: true });
  writeFileSync(`${path}/src/f`, 'a');
  return path;
}

const places = { ours: prepared('ours'), theirs: prepared('theirs') };

/** Names of the program, its directory and places in source code are not the same. */
function evened({ stdout, stderr, status }: Printed, place: string): unknown {
  const text = (stdout + stderr)
    .replaceAll(place, 'HERE')
    .replaceAll(/ at (?:[a-z-]+\.c\(\d+\)|deltawire) \[(\w+)=[^\]]+\]/g, ' [$1]')
    .replaceAll('"deltawire --daemon', '"rsync --daemon');
  // The usage is compared elsewhere.
  return { status, text: text.includes('Usage:') ? text.split('\n').slice(-2) : text };
}

const LINES = `
--bogus src dst
-Q src dst
--timeout=x src dst
--timeout src
--port=99999999999 src dst
--block-size=x src dst
-B 1g src dst
--max-size=x src dst
--min-size=-1 src dst
--max-delete=x src dst
--bwlimit=x src dst
--bwlimit=100b src dst
--modify-window=x src dst
--chmod=foo src dst
--chmod=u+q src dst
--checksum-choice=foo src dst
--cc=md5,foo src dst
--compress-choice=foo -z src dst
--zc=foo src dst
--compress-level=x src dst
--delete src dst
--delete-before --delete-after -r src dst
--delete-during --delete-after -r src dst
--info=foo src dst
--debug=foo src dst
--info=name9x src dst
--stderr=foo src dst
--protocol=x src dst
--stop-at=foo src dst
--stop-after=x src dst
--stop-after=0 src dst
--usermap=a:b --usermap=c:d src dst
--chown=a:b --groupmap=c:d src dst
--chown=a --chown=b src dst
--usermap=x src dst
--groupmap=*: src dst
--suffix=/x -b src dst
--suffix= -b src dst
--backup-dir= -b src dst
--compare-dest=a --link-dest=b src dst
--append --whole-file src dst
--append --inplace --partial-dir=x src dst
--inplace --partial-dir=x src dst
--inplace --delay-updates src dst
--append --delay-updates src dst
--sparse --append src dst
--files-from=nope src dst
--files-from=h:x src dst
--files-from=nope src
--exclude-from=nope src dst
--filter=foo src dst
-f +src dst
--filter=_x src dst
--filter=- src dst
--old-args --secluded-args src dst
-M foo src dst
--outbuf=Z src dst
--max-alloc=3 src dst
--password-file=nope src dst
--contimeout=5 src dst
--remote-option=x src dst
--write-batch=a --read-batch=b src dst
--read-batch=nope dst
--read-batch=b h:dst
--write-batch=/none/x src dst
-h:x::y src dst
a:src b:dst
src h:x dst
h:x src dst
h:x g:y dst
h:x h::y dst
--delete=x src dst
--no-bogus src dst
--no-v=1 src dst
--sender src dst
--daemon --bogus
--daemon --port=x
--config=x src dst
--no-detach src dst
--temp-dir=nope -a src dst
--partial-dir= src dst
-e
--iconv
-rr --delete-delay --delete-before src dst
--checksum-seed=x src dst
--crtimes src dst
-N src dst
--hard-links=1 src dst
`;

test.each(LINES.trim().split('\n'))('%s', (line) => {
  const args = line.split(' ');
  const ours = evened(runProgram(places.ours, args), places.ours);
  expect(ours).toEqual(evened(realRsync(places.theirs, args), places.theirs));
});
