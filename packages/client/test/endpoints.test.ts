import { describe, expect, test } from 'vitest';
import { checkFilesFrom, resolveEndpoints } from '../src/endpoints.ts';

describe('resolveEndpoints()', () => {
  test('empty arguments are mistakes', () => {
    for (const args of [[''], ['', 'dst'], ['a', '', 'dst'], ['', 'h:dst']]) {
      expect(() => resolveEndpoints(args)).toThrow('Empty source arg specified.');
    }
    for (const args of [
      ['a', ''],
      ['h:a', ''],
    ]) {
      expect(() => resolveEndpoints(args)).toThrow('Empty destination arg specified');
      expect(resolveEndpoints(args, true)).toBeDefined();
    }
  });

  test('local copies and listings', () => {
    expect(resolveEndpoints(['a', 'b', 'dst/'])).toEqual({
      kind: 'local',
      sources: ['a', 'b'],
      destination: 'dst/',
    });
    expect(resolveEndpoints(['a'])).toEqual({
      kind: 'local',
      sources: ['a'],
      destination: undefined,
    });
  });

  test('pull through a shell, later sources with or without the host', () => {
    expect(resolveEndpoints(['me@h:a', ':b', 'h:', 'dst'])).toMatchObject({
      kind: 'shell',
      role: 'receiver',
      user: 'me',
      host: 'h',
      remotePaths: ['a', 'b', ''],
      localPaths: ['dst'],
    });
  });

  test('push to a daemon', () => {
    expect(resolveEndpoints(['a', 'rsync://u@h:99/mod'])).toMatchObject({
      kind: 'daemon',
      role: 'sender',
      user: 'u',
      host: 'h',
      port: 99,
      module: 'mod',
      remotePaths: ['mod/'],
      localPaths: ['a'],
    });
  });

  test('a daemon without a module is asked for its list', () => {
    expect(resolveEndpoints(['h::'])).toMatchObject({
      kind: 'daemon',
      module: '',
      port: undefined,
    });
  });

  test.each([
    [['h:a', 'g:b'], 'The source and destination cannot both be remote.'],
    [['h:a', 'g:b', 'd'], 'All source args must come from the same machine.'],
    [['h::a', ':b', 'd'], 'All source args must use the same hostspec format.'],
    [['rsync://h:1/a', 'rsync://h:2/a', 'd'], 'All source args must use the same port number.'],
    [['a', 'h:b', 'd'], 'Unexpected remote arg: h:b'],
    [
      ['h:a', 'b', 'd'],
      'Unexpected local arg: b\nIf arg is a remote file/dir, prefix it with a colon (:).',
    ],
  ])('%j is refused as rsync refuses it', (args, message) => {
    expect(() => resolveEndpoints(args)).toThrow(
      expect.objectContaining({ message, exitCode: 1 }) as Error,
    );
  });
});

describe('checkFilesFrom()', () => {
  const pull = resolveEndpoints(['h:a', 'd']);
  const local = resolveEndpoints(['a', 'd']);
  test('the list may be here or on the transfer host', () => {
    for (const list of ['list', '-', ':list', 'h:list']) checkFilesFrom(list, pull);
    checkFilesFrom('list', local);
  });
  test('another host is refused', () => {
    expect(() => checkFilesFrom('g:list', pull)).toThrow('not the same as the transfer hostname');
    expect(() => checkFilesFrom(':list', local)).toThrow('when the transfer is local');
  });
});
