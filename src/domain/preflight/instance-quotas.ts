import type { Check } from '../check.ts';
import { EXIT } from '../exit-code.ts';
import { type InstanceTypes, knownTypes, type PlannedGroup } from './planned-nodes.ts';

/** A vCPU quota of EC2: one for a family of instance types and a way to buy them. */
export interface InstanceQuota {
  readonly code: string;
  /** As the console names it. */
  readonly name: string;
  /** Short, for a column. */
  readonly label: string;
}

type Capacity = PlannedGroup['capacityType'];

/**
 * First match wins; the pattern is matched against the instance type.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 */
const QUOTAS: readonly (readonly [RegExp, Capacity, InstanceQuota])[] = [
  [
    /^(g|gr|vt)\d/,
    'ON_DEMAND',
    quota('L-DB2E81BA', 'Running On-Demand G and VT instances', 'G/VT'),
  ],
  [/^(g|gr|vt)\d/, 'SPOT', quota('L-3819A6DF', 'All G and VT Spot Instance Requests', 'G/VT')],
  [/^p\d/, 'ON_DEMAND', quota('L-417A185B', 'Running On-Demand P instances', 'P')],
  [/^p[234]/, 'SPOT', quota('L-7212CCBC', 'All P4, P3 and P2 Spot Instance Requests', 'P')],
  [/^p5/, 'SPOT', quota('L-C4BD4855', 'All P5 Spot Instance Requests', 'P5')],
  [/^trn\d/, 'ON_DEMAND', quota('L-2C3B7624', 'Running On-Demand Trn instances', 'Trn')],
  [/^trn\d/, 'SPOT', quota('L-6B0D517C', 'All Trn Spot Instance Requests', 'Trn')],
  [/^inf\d/, 'ON_DEMAND', quota('L-1945791B', 'Running On-Demand Inf instances', 'Inf')],
  [/^inf\d/, 'SPOT', quota('L-B5D1601B', 'All Inf Spot Instance Requests', 'Inf')],
  [
    /^(a|c|d|h|i|im|is|m|r|t|z)\d/,
    'ON_DEMAND',
    quota('L-1216C47A', 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances', 'CPU'),
  ],
  [
    /^(a|c|d|h|i|im|is|m|r|t|z)\d/,
    'SPOT',
    quota('L-34B43A08', 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests', 'CPU'),
  ],
];

function quota(code: string, name: string, label: string): InstanceQuota {
  return { code, name, label };
}

/** Undefined for a family whose quota is not known here. A group's first type decides. */
export function quotaOf({
  instanceTypes,
  capacityType,
}: Pick<PlannedGroup, 'instanceTypes' | 'capacityType'>): InstanceQuota | undefined {
  const [first = ''] = instanceTypes;
  return QUOTAS.find(
    ([pattern, capacity]) => capacity === capacityType && pattern.test(first),
  )?.[2];
}

/** What is to be read for these groups. */
export function quotasOf(groups: readonly PlannedGroup[]): InstanceQuota[] {
  const all = groups.flatMap((group) => quotaOf(group) ?? []);
  return [...new Map(all.map((each) => [each.code, each])).values()];
}

/**
 * vCPUs of all groups that share a quota against that quota: what is wanted now must fit, what the groups
 * may grow to should. What else runs in the account is not counted.
 *
 * @param quotas by code; absent where it could not be read
 */
export function judgeQuotas(
  groups: readonly PlannedGroup[],
  types: InstanceTypes,
  quotas: ReadonlyMap<string, number>,
  region: string,
): Check[] {
  return [
    ...quotasOf(groups).flatMap((each) => {
      const value = quotas.get(each.code);
      const sharing = groups.filter((group) => quotaOf(group)?.code === each.code);
      return value === undefined ? [] : [judgeQuota(each, value, sharing, types, region)];
    }),
    ...groups.filter((group) => quotaOf(group) === undefined).map(unknownQuota),
  ];
}

function judgeQuota(
  { code, name, label }: InstanceQuota,
  value: number,
  groups: readonly PlannedGroup[],
  types: InstanceTypes,
  region: string,
): Check {
  const now = sum(groups.map((group) => group.desiredSize * vcpusOf(group, types, Math.min)));
  const most = sum(groups.map((group) => group.maxSize * vcpusOf(group, types, Math.max)));
  const names = groups.map((group) => group.name).join(', ');
  const isSpot = groups.some(({ capacityType }) => capacityType === 'SPOT');
  const base = { name: `${isSpot ? 'spot' : 'quota'} ${label}`, exitCode: EXIT.failed };
  if (most <= value) {
    return { ...base, verdict: 'ok', text: `${names}: ${now} to ${most} of ${value} vCPUs` };
  }
  const fix = `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${code} --desired-value ${most} --region ${region}`;
  if (now > value) {
    const fresh = value === 0 ? '; a new account has none and must ask for them' : '';
    const text = `${names}: ${now} vCPUs wanted, the quota "${name}" is ${value}${fresh}`;
    return { ...base, verdict: 'bad', text, fix };
  }
  const text = `${names}: may grow to ${most} vCPUs, the quota "${name}" is ${value}`;
  return { ...base, verdict: 'warn', text, fix };
}

function unknownQuota({ name, instanceTypes }: PlannedGroup): Check {
  return {
    name: 'quota',
    verdict: 'warn',
    text: `${name}: no quota is known here for "${instanceTypes[0] ?? ''}"`,
    fix: 'look it up: aws service-quotas list-service-quotas --service-code ec2',
    exitCode: EXIT.failed,
  };
}

/** Of the types that exist; EC2 takes one of them, and which is not known before. */
function vcpusOf(
  group: PlannedGroup,
  types: InstanceTypes,
  choose: (...values: number[]) => number,
): number {
  const vcpus = knownTypes(group, types).map((type) => type.vcpus);
  return vcpus.length === 0 ? 0 : choose(...vcpus);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
