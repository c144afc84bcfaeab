import { InvalidArgumentError } from 'commander';

export function parseParallelism(text: string): number {
  return parseCount(text, 1000);
}

export function parseKeep(text: string): number {
  return parseCount(text, 10_000);
}

function parseCount(text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new InvalidArgumentError(`give a whole number from 1 to ${most}.`);
}
