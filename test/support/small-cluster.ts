import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  EKSClient,
  type Taint,
  waitUntilAddonActive,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
} from '@aws-sdk/client-eks';
import { execa } from 'execa';
import type { ForeignUnit } from './foreign-tree.ts';
import { REPOSITORY } from './platform.ts';
import { makeSmallSandbox, type SmallSandbox } from './small-sandbox.ts';

const ACCOUNT_ROLE = 'arn:aws:iam::123456789012:role';
const REGION = 'eu-central-1';

export interface SmallNodeGroup {
  /** m6i.large unless given. */
  readonly instanceType?: string;
  /** 1 unless given. */
  readonly desiredSize?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
}

export interface SmallClusterWish {
  readonly nodeGroups?: Readonly<Record<string, SmallNodeGroup>>;
  /** EKS add-ons, in their default versions. */
  readonly addons?: readonly string[];
  /** Units of the environment's tree, by path from its root; `small/unit` unless given. */
  readonly units?: Readonly<Record<string, ForeignUnit>>;
}

/** A cluster with a real API server, in a sandbox of its own, which holds the environment `small`. */
export interface SmallCluster {
  /** The tree of the environment: where `platform … small` runs. */
  readonly tree: SmallSandbox['tree'];
  /** AWS settings that lead to the emulator, and no cluster credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** As `cluster.name` of the environment's env.yaml has it. */
  readonly clusterName: string;
  /** Of an administrator, by certificate: `kubectl --kubeconfig`. */
  readonly kubeconfig: string;
  readonly gatewayUrl: string;
  readonly eks: EKSClient;
  /** kubectl as administrator; its standard output, or an error with what it said. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** A control path of the gateway, as docs/sandbox.md has them: `POST faults {…}`. */
  control(line: string, body?: object): Promise<unknown>;
  remove(): Promise<void>;
}

export async function makeSmallCluster(wish: SmallClusterWish = {}): Promise<SmallCluster> {
  const sandbox = await makeSmallSandbox(wish.units ?? { 'small/unit': {} });
  try {
    return await clusterIn(sandbox, wish);
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

async function clusterIn(sandbox: SmallSandbox, wish: SmallClusterWish): Promise<SmallCluster> {
  const { env, tree } = sandbox;
  const gatewayUrl = env.AWS_ENDPOINT_URL ?? '';
  const clusterName = await nameOfCluster();
  const eks = new EKSClient({
    endpoint: gatewayUrl,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const subnetIds = await defaultSubnets(gatewayUrl);
  const waiter = { client: eks, maxWaitTime: 180, minDelay: 1, maxDelay: 1 };
  await eks.send(
    new CreateClusterCommand({
      name: clusterName,
      roleArn: `${ACCOUNT_ROLE}/cluster`,
      resourcesVpcConfig: { subnetIds },
      // The creator is its administrator.
      accessConfig: { authenticationMode: 'API' },
    }),
  );
  await waitUntilClusterActive(waiter, { name: clusterName });
  const addons = wish.addons ?? [];
  for (const addonName of addons) {
    await eks.send(new CreateAddonCommand({ clusterName, addonName }));
  }
  const groups = Object.entries(wish.nodeGroups ?? {});
  for (const [nodegroupName, { instanceType, desiredSize = 1, labels, taints }] of groups) {
    await eks.send(
      new CreateNodegroupCommand({
        clusterName,
        nodegroupName,
        nodeRole: `${ACCOUNT_ROLE}/node`,
        subnets: subnetIds,
        instanceTypes: [instanceType ?? 'm6i.large'],
        scalingConfig: { minSize: 0, desiredSize, maxSize: desiredSize + 5 },
        labels: { ...labels },
        taints: [...(taints ?? [])],
      }),
    );
  }
  for (const addonName of addons) await waitUntilAddonActive(waiter, { clusterName, addonName });
  for (const [nodegroupName] of groups) {
    await waitUntilNodegroupActive(waiter, { clusterName, nodegroupName });
  }
  const control = async (line: string, body?: object): Promise<unknown> => {
    const [method = 'GET', path = ''] = line.split(' ');
    const response = await fetch(`${gatewayUrl}/_platform/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const [shown] = (await control('GET clusters')) as { kubeconfig: string }[];
  const kubeconfig = shown?.kubeconfig ?? '';
  return {
    tree,
    env,
    clusterName,
    kubeconfig,
    gatewayUrl,
    eks,
    control,
    kubectl: async (args, input) => {
      const { stdout } = await execa('kubectl', [`--kubeconfig=${kubeconfig}`, ...args], {
        env: { HOME: tree.root },
        ...(input === undefined ? {} : { input }),
      });
      return stdout;
    },
    remove: async () => {
      eks.destroy();
      await sandbox.remove();
    },
  };
}

async function nameOfCluster(): Promise<string> {
  const ours = await readFile(join(REPOSITORY, 'live/sandbox/env.yaml'), 'utf8');
  return /^cluster:\n {2}name: (\S+)/m.exec(ours)?.[1] ?? '';
}

/** Those that every account has. */
export async function defaultSubnets(gatewayUrl: string): Promise<string[]> {
  const response = await fetch(gatewayUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: 'Action=DescribeSubnets&Version=2016-11-15',
  });
  const text = await response.text();
  return [...text.matchAll(/<subnetId>([^<]*)</g)].map(([, id]) => id ?? '');
}
