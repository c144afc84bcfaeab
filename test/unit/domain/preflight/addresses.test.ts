import { expect, test } from 'vitest';
import { judgeAddresses, plannedSubnets } from '../../../../src/domain/preflight/addresses.ts';
import { group, types } from './sample-nodes.ts';

const subnets = (...free: number[]) =>
  free.map((freeAddresses, index) => ({ id: `subnet-${index}`, zone: 'a', freeAddresses }));

const judge = (free: number[], running: Record<string, number> = {}) => {
  const groups = [group({ desiredSize: 2, maxSize: 4 })];
  return judgeAddresses(
    groups,
    types,
    subnets(...free),
    new Map(Object.entries(running)),
    'as AWS counts them',
  );
};

test('a subnet of a zone is a quarter of the range, less the five that AWS keeps', () => {
  expect(plannedSubnets('10.0.0.0/16', 3).map(({ freeAddresses }) => freeAddresses)).toEqual([
    16379, 16379, 16379,
  ]);
  expect(plannedSubnets('10.0.0.0/20', 2)[0]?.freeAddresses).toBe(1019);
});

test('room for all that may come', () => {
  expect(judge([20, 20])).toMatchObject({
    verdict: 'ok',
    text: '40 free in 2 private subnets (as AWS counts them), new nodes may take 40',
  });
});

test('less than the nodes may take is a warning, less than the nodes themselves cannot work', () => {
  expect(judge([20, 19])).toMatchObject({ verdict: 'warn', fix: expect.any(String) });
  expect(judge([1, 0])).toMatchObject({
    verdict: 'bad',
    text: '1 free in 2 private subnets (as AWS counts them), 2 nodes are still to come',
  });
});

test('nodes that run have their addresses', () => {
  expect(judge([10, 9], { general: 2 }).verdict).toBe('warn');
  expect(judge([10, 10], { general: 2 }).verdict).toBe('ok');
  expect(judge([5], { general: 9 }).text).toContain('new nodes may take 0');
});

test('one full subnet is named, although the others have room', () => {
  expect(judge([4, 1000])).toMatchObject({
    verdict: 'warn',
    text: 'subnet-0 in a has 4 free: EKS wants 5 for an upgrade',
  });
});
