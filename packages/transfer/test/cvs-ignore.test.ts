import { writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { readCvsIgnore } from '../src/cvs-ignore.ts';

test('words of the environment and of the home directory, as byte strings', () => {
  using home = temporaryDirectory();
  expect(readCvsIgnore({ HOME: home.path })).toEqual({});
  writeFileSync(home.join('.cvsignore'), 'mine\nwürfel\n');
  expect(readCvsIgnore({ HOME: home.path, CVSIGNORE: '*.ü' })).toEqual({
    cvsIgnore: '*.\xc3\xbc',
    homeCvsIgnore: 'mine\nw\xc3\xbcrfel\n',
  });
});

test('nothing without either', () => {
  expect(readCvsIgnore({})).toEqual({});
  expect(readCvsIgnore({ HOME: undefined })).toEqual({});
});
