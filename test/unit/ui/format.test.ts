import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  clean,
  formatCount,
  formatDuration,
  plural,
  truncate,
  wrap,
} from '../../../src/ui/format.ts';

test.each([
  [0, '0s'],
  [499, '0s'],
  [4000, '4s'],
  [59_499, '59s'],
  [59_500, '1m 00s'],
  [161_000, '2m 41s'],
  [3_599_499, '59m 59s'],
  [3_720_000, '1h 02m'],
])('%i ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [undefined, '?'],
  [0, '.'],
  [12, '12'],
])('a count of %s is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('one unit, two units, no entries', () => {
  expect([plural(1, 'unit'), plural(2, 'unit'), plural(0, 'entry', 'entries')]).toEqual([
    '1 unit',
    '2 units',
    '0 entries',
  ]);
});

test('what does not fit ends in a mark that says so', () => {
  expect(truncate('eks', 3)).toBe('eks');
  expect(truncate('eks!', 3)).toBe('ek…');
});

test('wrapping keeps every word and its width', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
      const words = text.split(/\s+/).filter((word) => word !== '');
      const lines = wrap(text, width);
      expect(lines.join(' ').split(' ').filter(Boolean)).toEqual(words);
      for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
    }),
  );
});

test('a mark and its name are not torn apart', () => {
  expect(wrap('ok\u00a0vpc ok\u00a0eks', 9)).toEqual(['ok\u00a0vpc', 'ok\u00a0eks']);
});

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007after', 'after'],
  ['a\nb\tc', 'a b c'],
  ['bell\u0007 back\b nul\0 c1\u009b', 'bell back nul c1'],
  ['Ünïcode 🚀', 'Ünïcode 🚀'],
])('%j is printed as %j', (text, expected) => {
  expect(clean(text)).toBe(expected);
});

test('nothing that moves a cursor gets through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(clean(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});
