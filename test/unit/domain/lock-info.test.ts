import { expect, test } from 'vitest';
import { parseLockInfo } from '../../../src/domain/lock-info.ts';

const LOCK = {
  id: '7f82214a-0c7e-9021-7bdb-2bca27c136fd',
  who: 'ana@laptop',
  since: '2026-11-22 18:24:01.251992956 +0000 UTC',
  operation: 'OperationTypeApply',
};
const LINES = [
  'Error message: resource temporarily unavailable',
  'Lock Info:',
  `  ID:        ${LOCK.id}`,
  '  Path:      terraform.tfstate',
  `  Operation: ${LOCK.operation}`,
  `  Who:       ${LOCK.who}`,
  '  Version:   1.11.4',
  `  Created:   ${LOCK.since}`,
  '  Info:      ',
];

test.each([
  ['as a diagnostic says it', LINES],
  ['in the frame that people see', LINES.map((line) => `│ ${line}`)],
])('who holds a lock, and since when: %s', (_, lines) => {
  expect(parseLockInfo(lines.join('\n'))).toEqual(LOCK);
});

test('an empty field is none, and does not take the next line', () => {
  const lock = parseLockInfo('  ID:   1\n  Who:       \n  Created:  now\n');
  expect(lock).toEqual({ id: '1', who: undefined, since: 'now', operation: undefined });
});

test('other words hold no lock', () => {
  expect(parseLockInfo('Error: No configuration files\nID of nothing')).toBeUndefined();
});
