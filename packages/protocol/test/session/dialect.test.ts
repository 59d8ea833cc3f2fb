import { expect, test } from 'vitest';
import { createDialect } from '../../src/index.ts';

test('compat flags count from protocol 30', () => {
  expect(createDialect(29, 0x1ff)).toMatchObject({ compatFlags: 0, incRecurse: false });
  expect(createDialect(30, 0x1ff)).toMatchObject({ compatFlags: 0x1ff, incRecurse: true });
});

test('each flag has its property', () => {
  const properties = [
    'incRecurse',
    'symlinkTimes',
    'symlinkIconv',
    'safeFlist',
    'avoidXattrOptim',
    'seedFix',
    'inplacePartialDir',
    'varintFlistFlags',
    'id0Names',
  ] as const;
  properties.forEach((property, bit) => {
    const dialect = createDialect(30, 1 << bit);
    for (const other of properties) expect(dialect[other], other).toBe(other === property);
  });
});

test('each version adds its features', () => {
  const news = (protocol: number): string[] => {
    const before = createDialect(protocol - 1, 0);
    return Object.entries(createDialect(protocol, 0))
      .filter(([name, value]) => before[name as keyof typeof before] !== value)
      .map(([name]) => name)
      .filter((name) => name !== 'protocol');
  };
  expect(news(28)).toEqual(['extendedFlags']);
  expect(news(29)).toEqual([
    'itemFlags',
    'directorySort',
    'filterModifiers',
    'listTimes',
    'deletedMessages',
    'phases',
  ]);
  expect(news(30)).toEqual([
    'varints',
    'deltaNdx',
    'noSend',
    'multiplexInput',
    'errorTags',
    'ioErrorMessages',
    'hardLinkIndexes',
    'perishableRules',
    'nulArguments',
    'impliedChecksum',
    'maxBlockLength',
  ]);
  expect(news(31)).toEqual([
    'safeFlist',
    'nanoseconds',
    'deleteStats',
    'extraGoodbye',
    'errorExit',
    'ioTimeout',
    'filesFromFramed',
    'plainSpecials',
  ]);
  expect(news(32)).toEqual([]);
});

test('a dialect is immutable', () => {
  expect(Object.isFrozen(createDialect(32, 0))).toBe(true);
});
