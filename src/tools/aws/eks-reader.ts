import type { EKSClient } from '@aws-sdk/client-eks';
import { askEks, type EksAnswer, type EksSdk, openEksClient } from './eks-client.ts';

export interface HealthIssue {
  readonly code: string;
  readonly message: string;
}

export interface EksCluster {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  /** Kubernetes minor, such as `1.34`. */
  readonly version: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  readonly issues: readonly HealthIssue[];
}

export interface EksNodeGroup {
  readonly name: string;
  readonly status: string;
  readonly desiredSize: number;
  readonly instanceTypes: readonly string[];
  readonly amiType: string;
  readonly issues: readonly HealthIssue[];
}

export interface EksAddon {
  readonly name: string;
  readonly status: string;
  readonly version: string;
  readonly issues: readonly HealthIssue[];
}

/** What gates and `status` ask EKS about one cluster; a signal that is aborted ends the wait for it. */
export interface EksReader {
  cluster(signal?: AbortSignal): Promise<EksAnswer<EksCluster>>;
  nodeGroups(signal?: AbortSignal): Promise<EksAnswer<readonly EksNodeGroup[]>>;
  addons(signal?: AbortSignal): Promise<EksAnswer<readonly EksAddon[]>>;
  close(): void;
}

export async function openEks(
  env: Readonly<Record<string, string>>,
  region: string,
  name: string,
): Promise<EksReader> {
  const { sdk, client } = await openEksClient(env, region);
  return {
    cluster: (signal) => askEks(() => readCluster(sdk, client, name), signal),
    nodeGroups: (signal) => askEks(() => readNodeGroups(sdk, client, name), signal),
    addons: (signal) => askEks(() => readAddons(sdk, client, name), signal),
    close: () => client.destroy(),
  };
}

async function readCluster(sdk: EksSdk, client: EKSClient, name: string): Promise<EksCluster> {
  const { cluster } = await client.send(new sdk.DescribeClusterCommand({ name }));
  return {
    name,
    arn: cluster?.arn ?? '',
    status: cluster?.status ?? 'unknown',
    version: cluster?.version ?? 'unknown',
    endpoint: cluster?.endpoint ?? '',
    certificateAuthority: cluster?.certificateAuthority?.data ?? '',
    issues: issuesOf(cluster?.health?.issues),
  };
}

async function readNodeGroups(
  sdk: EksSdk,
  client: EKSClient,
  clusterName: string,
): Promise<EksNodeGroup[]> {
  const names: string[] = [];
  for await (const page of sdk.paginateListNodegroups({ client }, { clusterName })) {
    names.push(...(page.nodegroups ?? []));
  }
  return Promise.all(
    names.sort().map(async (nodegroupName): Promise<EksNodeGroup> => {
      const { nodegroup } = await client.send(
        new sdk.DescribeNodegroupCommand({ clusterName, nodegroupName }),
      );
      return {
        name: nodegroupName,
        status: nodegroup?.status ?? 'unknown',
        desiredSize: nodegroup?.scalingConfig?.desiredSize ?? 0,
        instanceTypes: nodegroup?.instanceTypes ?? [],
        amiType: nodegroup?.amiType ?? 'unknown',
        issues: issuesOf(nodegroup?.health?.issues),
      };
    }),
  );
}

async function readAddons(
  sdk: EksSdk,
  client: EKSClient,
  clusterName: string,
): Promise<EksAddon[]> {
  const names: string[] = [];
  for await (const page of sdk.paginateListAddons({ client }, { clusterName })) {
    names.push(...(page.addons ?? []));
  }
  return Promise.all(
    names.sort().map(async (addonName): Promise<EksAddon> => {
      const { addon } = await client.send(new sdk.DescribeAddonCommand({ clusterName, addonName }));
      return {
        name: addonName,
        status: addon?.status ?? 'unknown',
        version: addon?.addonVersion ?? 'unknown',
        issues: issuesOf(addon?.health?.issues),
      };
    }),
  );
}

function issuesOf(
  issues: readonly { code?: string | undefined; message?: string | undefined }[] | undefined,
): HealthIssue[] {
  return (issues ?? []).map(({ code = 'unknown', message = '' }) => ({ code, message }));
}
