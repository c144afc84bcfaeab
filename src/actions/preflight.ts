import type { EnvironmentFile } from '../config/environment-file.ts';
import type { Check } from '../domain/check.ts';
import { EXIT } from '../domain/exit-code.ts';
import { judgeAddresses, plannedSubnets, type SubnetFacts } from '../domain/preflight/addresses.ts';
import { judgeQuotas, quotasOf } from '../domain/preflight/instance-quotas.ts';
import { judgeInstanceTypes } from '../domain/preflight/instance-types.ts';
import type { InstanceTypes, PlannedGroup } from '../domain/preflight/planned-nodes.ts';
import { judgeAddonVersions, judgeClusterVersion } from '../domain/preflight/versions.ts';
import type { Host } from '../host/host.ts';
import { type AwsAnswer, type AwsCli, createAwsCli } from '../tools/aws/aws-cli.ts';
import { describeInstanceTypes, describeSubnets } from '../tools/aws/ec2.ts';
import { type EksCatalog, openEksCatalog } from '../tools/aws/eks-catalog.ts';
import { whyNoAnswer } from '../tools/aws/eks-client.ts';
import { openEks } from '../tools/aws/eks-reader.ts';
import { readQuota } from '../tools/aws/service-quotas.ts';

export interface PreflightInput {
  readonly file: EnvironmentFile;
  /** AWS settings that every read is made with. */
  readonly env: Readonly<Record<string, string>>;
  /** The AWS CLI. */
  readonly aws: string;
  readonly signal?: AbortSignal | undefined;
}

type Asked = Pick<PreflightInput, 'file' | 'env' | 'signal'>;

/**
 * What an apply of the cluster would only learn after a quarter of an hour: quotas, addresses, versions.
 * Bad is what cannot work; what could not be read is a warning. Nothing is changed.
 */
export async function preflight(
  host: Pick<Host, 'processes' | 'clock' | 'cwd'>,
  { file, env, aws, signal }: PreflightInput,
): Promise<Check[]> {
  const { region, cluster } = file;
  const cli = createAwsCli(host, { aws, cwd: host.cwd, env, region, signal });
  const catalog = await openEksCatalog(env, region, signal);
  const groups = plannedGroups(file);
  try {
    const [types, versions, addons] = await Promise.all([
      readInstanceTypes(cli, groups),
      checkClusterVersion(catalog, cluster.version, host.clock.now()),
      checkAddons(catalog, file),
    ]);
    if (types.kind === 'failed') {
      return [...versions, ...addons, unreadable('instances', types.failure.text)];
    }
    const [quotas, addresses] = await Promise.all([
      checkQuotas(cli, groups, types.value, region),
      checkAddresses(cli, { file, env, signal }, groups, types.value),
    ]);
    const instances = judgeInstanceTypes(groups, types.value, region);
    return [...versions, ...addons, ...instances, ...quotas, ...addresses];
  } finally {
    catalog.close();
  }
}

function plannedGroups({ nodeGroups }: EnvironmentFile): PlannedGroup[] {
  return Object.entries(nodeGroups).map(([name, group]) => ({
    name,
    instanceTypes: group.instanceTypes,
    desiredSize: group.desiredSize,
    maxSize: group.maxSize,
    capacityType: group.capacityType ?? 'ON_DEMAND',
    gpusPerNode: group.gpusPerNode ?? 0,
  }));
}

async function readInstanceTypes(
  cli: AwsCli,
  groups: readonly PlannedGroup[],
): Promise<AwsAnswer<InstanceTypes>> {
  const names = [...new Set(groups.flatMap(({ instanceTypes }) => instanceTypes))];
  if (names.length === 0) return { kind: 'answer', value: new Map() };
  const answer = await cli.ask(describeInstanceTypes(names));
  if (answer.kind === 'failed') return answer;
  return { kind: 'answer', value: new Map(answer.value.map((type) => [type.name, type])) };
}

async function checkQuotas(
  cli: AwsCli,
  groups: readonly PlannedGroup[],
  types: InstanceTypes,
  region: string,
): Promise<Check[]> {
  const values = new Map<string, number>();
  const unread: Check[] = [];
  await Promise.all(
    quotasOf(groups).map(async ({ code, name }) => {
      const answer = await readQuota(cli, 'ec2', code);
      if (answer.kind === 'answer') values.set(code, answer.value);
      else unread.push(unreadable('quota', `"${name}": ${answer.failure.text}`));
    }),
  );
  return [...judgeQuotas(groups, types, values, region), ...unread];
}

async function checkAddresses(
  cli: AwsCli,
  input: Asked,
  groups: readonly PlannedGroup[],
  types: InstanceTypes,
): Promise<Check[]> {
  const { file } = input;
  const [answer, running] = await Promise.all([
    cli.ask(
      describeSubnets({
        'tag-key': [`kubernetes.io/cluster/${file.cluster.name}`],
        'tag:kubernetes.io/role/internal-elb': ['1'],
      }),
    ),
    runningNodes(input),
  ]);
  if (answer.kind === 'failed') return [unreadable('addresses', answer.failure.text)];
  const subnets: readonly SubnetFacts[] = answer.value;
  const { cidr, availabilityZones = 3 } = file.vpc;
  return subnets.length > 0
    ? [judgeAddresses(groups, types, subnets, running, 'as AWS counts them')]
    : [
        judgeAddresses(
          groups,
          types,
          plannedSubnets(cidr, availabilityZones),
          running,
          `of ${cidr}, not there yet`,
        ),
      ];
}

/** Nodes that hold addresses already; none where there is no cluster or it cannot be asked. */
async function runningNodes({
  file: { region, cluster },
  env,
  signal,
}: Asked): Promise<ReadonlyMap<string, number>> {
  const eks = await openEks(env, region, cluster.name);
  try {
    const groups = await eks.nodeGroups(signal);
    if (groups.kind !== 'answer') return new Map();
    return new Map(groups.value.map(({ name, desiredSize }) => [name, desiredSize]));
  } finally {
    eks.close();
  }
}

async function checkClusterVersion(
  catalog: EksCatalog,
  wanted: string,
  now: number,
): Promise<Check[]> {
  const offered = await catalog.clusterVersions();
  return offered.kind === 'answer'
    ? [judgeClusterVersion(wanted, offered.value, now)]
    : [unreadable('EKS version', whyNoAnswer(offered))];
}

async function checkAddons(catalog: EksCatalog, { cluster }: EnvironmentFile): Promise<Check[]> {
  const wanted = cluster.addonVersions ?? {};
  if (Object.keys(wanted).length === 0) return judgeAddonVersions(wanted, [], cluster.version);
  const offered = await catalog.addons(cluster.version);
  return offered.kind === 'answer'
    ? judgeAddonVersions(wanted, offered.value, cluster.version)
    : [unreadable('add-ons', whyNoAnswer(offered))];
}

/** Not a reason to stop: who may apply may not always read everything. */
function unreadable(name: string, why: string): Check {
  return { name, verdict: 'warn', text: `not checked: ${why}`, exitCode: EXIT.failed };
}
