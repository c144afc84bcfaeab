import type { EKSClient } from '@aws-sdk/client-eks';
import { compareVersions, type OfferedAddon } from '../../domain/cluster/addon-versions.ts';
import type { OfferedVersion } from '../../domain/cluster/cluster-version.ts';
import type { UpgradeInsight } from '../../domain/cluster/upgrade-insight.ts';
import { askEks, type EksAnswer, type EksSdk, openEksClient } from './eks-client.ts';

/** What EKS offers in a region, and what it advises for one cluster. */
export interface EksCatalog {
  clusterVersions(): Promise<EksAnswer<readonly OfferedVersion[]>>;
  /** Every add-on that there is for that Kubernetes minor. */
  addons(kubernetes: string): Promise<EksAnswer<readonly OfferedAddon[]>>;
  upgradeInsights(cluster: string): Promise<EksAnswer<readonly UpgradeInsight[]>>;
  close(): void;
}

export async function openEksCatalog(
  env: Readonly<Record<string, string>>,
  region: string,
  signal?: AbortSignal,
): Promise<EksCatalog> {
  const { sdk, client } = await openEksClient(env, region);
  return {
    clusterVersions: () => askEks(() => readVersions(sdk, client), signal),
    addons: (kubernetes) => askEks(() => readAddons(sdk, client, kubernetes), signal),
    upgradeInsights: (cluster) => askEks(() => readInsights(sdk, client, cluster), signal),
    close: () => client.destroy(),
  };
}

async function readVersions(sdk: EksSdk, client: EKSClient): Promise<OfferedVersion[]> {
  const versions: OfferedVersion[] = [];
  // Without `includeAll` the versions whose support has ended are left out, as they should be.
  for await (const page of sdk.paginateDescribeClusterVersions({ client }, {})) {
    for (const each of page.clusterVersions ?? []) {
      versions.push({
        version: each.clusterVersion ?? 'unknown',
        support: SUPPORT[each.versionStatus ?? ''] ?? 'unknown',
        standardSupportEnds: each.endOfStandardSupportDate?.getTime(),
        extendedSupportEnds: each.endOfExtendedSupportDate?.getTime(),
      });
    }
  }
  return versions;
}

const SUPPORT: Readonly<Record<string, OfferedVersion['support']>> = {
  STANDARD_SUPPORT: 'standard',
  EXTENDED_SUPPORT: 'extended',
  UNSUPPORTED: 'ended',
};

async function readAddons(
  sdk: EksSdk,
  client: EKSClient,
  kubernetesVersion: string,
): Promise<OfferedAddon[]> {
  const addons: OfferedAddon[] = [];
  for await (const page of sdk.paginateDescribeAddonVersions({ client }, { kubernetesVersion })) {
    for (const { addonName = '', addonVersions = [] } of page.addons ?? []) {
      const isDefault = addonVersions.find(({ compatibilities = [] }) =>
        compatibilities.some((each) => each.defaultVersion === true),
      );
      addons.push({
        name: addonName,
        versions: addonVersions
          .flatMap(({ addonVersion }) => addonVersion ?? [])
          .sort((one, other) => compareVersions(other, one)),
        defaultVersion: isDefault?.addonVersion,
      });
    }
  }
  return addons;
}

async function readInsights(
  sdk: EksSdk,
  client: EKSClient,
  clusterName: string,
): Promise<UpgradeInsight[]> {
  const insights: UpgradeInsight[] = [];
  const filter = { categories: [sdk.Category.UPGRADE_READINESS] };
  for await (const page of sdk.paginateListInsights({ client }, { clusterName, filter })) {
    for (const each of page.insights ?? []) {
      insights.push({
        name: each.name ?? 'unnamed',
        status: each.insightStatus?.status ?? 'UNKNOWN',
        reason: each.insightStatus?.reason ?? '',
        kubernetes: each.kubernetesVersion ?? '',
      });
    }
  }
  return insights;
}
