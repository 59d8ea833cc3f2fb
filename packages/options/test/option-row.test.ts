import { expect, test } from 'vitest';
import { flag, implemented, own, refused } from '../src/option-row.ts';

test('a row is read from the left column of its help line', () => {
  expect(implemented('--max-size=SIZE', 'text', () => {})).toMatchObject({
    name: 'max-size',
    short: '',
    argument: 'SIZE',
    help: [['--max-size=SIZE', 'text']],
    status: 'implemented',
  });
  expect(flag('--links, -l', '', 'links', ['no-links'])).toMatchObject({
    name: 'links',
    short: 'l',
    argument: undefined,
    negations: ['no-links'],
  });
  expect(implemented('--inc-recursive, --i-r', '', () => {})).toMatchObject({
    name: 'inc-recursive',
    aliases: ['i-r'],
    short: '',
  });
  expect(implemented('-P', '', () => {})).toMatchObject({ name: '', short: 'P' });
  expect(refused('--block=N, -B', '', { integer: true })).toMatchObject({
    short: 'B',
    argument: 'N',
    integer: true,
    status: 'refused',
  });
  expect(own('--json', '', () => {}, { hidden: true })).toMatchObject({ status: 'own', help: [] });
});
