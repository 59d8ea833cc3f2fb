import { expect, test } from 'vitest';
import { syslogPriority } from '../src/syslog.ts';

test.each([
  ['daemon', 'connect from x', 30],
  ['local3', 'connect from x', 158],
  ['LOCAL3', 'rsync: [Receiver] failed', 156],
  ['auth', 'rsync on pub/ from x', 38],
  ['security', 'rsync error: no', 36],
  ['frob', 'x', 30],
])('%s, %j has priority %i', (facility, text, priority) => {
  expect(syslogPriority(facility, text)).toBe(priority);
});
