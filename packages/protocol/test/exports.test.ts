import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('the API', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot();
});
