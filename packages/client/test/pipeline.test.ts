import { parseServerArguments } from '@deltawire/options';
import { expect, test } from 'vitest';
import { pipelineOf } from '../src/pipeline.ts';

test('what the command line says comes before what the caller does', () => {
  const base = { threads: 3, windowFiles: 5, windowBytes: 1000 };
  const plain = parseServerArguments(['--server', '.']);
  expect(pipelineOf(plain, base)).toEqual(base);
  expect(pipelineOf(plain, undefined)).toEqual({});
  const own = ['--server', '--signature-threads=0', '--pipeline-window=9', '.'];
  const expected = { threads: 0, windowFiles: 9, windowBytes: 1000 };
  expect(pipelineOf(parseServerArguments(own), base)).toEqual(expected);
});
