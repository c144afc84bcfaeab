import { answer, type EksContext, type EksRequest, type Outcome } from './handler.ts';
import type { Store } from './store.ts';
import { addonVersions, type ClusterVersion, clusterVersions } from './version-data.ts';

export function findClusterVersion(version: string): ClusterVersion | undefined {
  return clusterVersions.find((each) => each.version === version);
}

export function defaultClusterVersion(): string {
  return clusterVersions.find((each) => each.isDefault === true)?.version ?? '';
}

/** How many minor versions `to` lies above `from`. */
export function minorSteps(from: string, to: string): number {
  return Number(to.split('.')[1]) - Number(from.split('.')[1]);
}

/** Newest first; empty when the add-on is unknown or not made for that Kubernetes version. */
export function versionsOfAddon(addon: string, kubernetesVersion: string): readonly string[] {
  return addonVersions[addon]?.versions[kubernetesVersion] ?? [];
}

/** AWS's default lags behind its newest; here it is the second newest, where there are two. */
export function defaultAddonVersion(addon: string, kubernetesVersion: string): string | undefined {
  const versions = versionsOfAddon(addon, kubernetesVersion);
  return versions[1] ?? versions[0];
}

function epochSeconds(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}

export function describeClusterVersions(
  context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const wanted = request.query.getAll('clusterVersions');
  const status = request.query.get('versionStatus') ?? request.query.get('status');
  const shown = clusterVersions
    .filter((each) => wanted.length === 0 || wanted.includes(each.version))
    .filter((each) => request.query.get('defaultOnly') !== 'true' || each.isDefault === true)
    .map((each) => {
      const inStandardSupport = context.now < epochSeconds(each.standardSupportEnds);
      return {
        clusterVersion: each.version,
        clusterType: 'eks',
        defaultPlatformVersion: each.platformVersion,
        defaultVersion: each.isDefault === true,
        releaseDate: epochSeconds(each.released),
        endOfStandardSupportDate: epochSeconds(each.standardSupportEnds),
        endOfExtendedSupportDate: epochSeconds(each.extendedSupportEnds),
        status: inStandardSupport ? 'standard-support' : 'extended-support',
        versionStatus: inStandardSupport ? 'STANDARD_SUPPORT' : 'EXTENDED_SUPPORT',
        kubernetesPatchVersion: each.patchVersion,
      };
    })
    .filter((each) => status === null || status === each.status || status === each.versionStatus);
  return answer(store, { clusterVersions: shown.reverse() });
}

export function describeAddonVersions(
  _context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  const name = request.query.get('addonName');
  const kubernetes = request.query.get('kubernetesVersion');
  const filters = [
    ['types', 'type'],
    ['owners', 'owner'],
  ] as const;
  const addons = Object.entries(addonVersions)
    .filter(([each]) => name === null || each === name)
    .filter(([, data]) =>
      filters.every(([parameter, field]) => {
        const wanted = request.query.getAll(parameter);
        return wanted.length === 0 || wanted.includes(data[field]);
      }),
    )
    .map(([each, data]) => ({
      addonName: each,
      type: data.type,
      publisher: 'eks',
      owner: data.owner,
      defaultNamespace: data.namespace,
      addonVersions: showVersions(each, kubernetes),
    }))
    .filter((each) => each.addonVersions.length > 0);
  return answer(store, { addons });
}

function showVersions(addon: string, kubernetes: string | null): object[] {
  const targets = clusterVersions
    .map((each) => each.version)
    .filter((each) => kubernetes === null || each === kubernetes)
    .reverse();
  const all = new Set(targets.flatMap((target) => versionsOfAddon(addon, target)));
  return [...all].map((version) => ({
    addonVersion: version,
    architecture: ['amd64', 'arm64'],
    computeTypes: ['ec2', 'auto', 'hybrid'],
    compatibilities: targets
      .filter((target) => versionsOfAddon(addon, target).includes(version))
      .map((target) => ({
        clusterVersion: target,
        platformVersions: ['*'],
        defaultVersion: defaultAddonVersion(addon, target) === version,
      })),
    requiresConfiguration: false,
    requiresIamPermissions: addon.endsWith('-csi-driver') || addon === 'vpc-cni',
  }));
}

export function describeAddonConfiguration(
  _context: EksContext,
  store: Store,
  request: EksRequest,
): Outcome {
  return answer(store, {
    addonName: request.query.get('addonName') ?? '',
    addonVersion: request.query.get('addonVersion') ?? '',
    configurationSchema: '{"type":"object"}',
    podIdentityConfiguration: [],
  });
}
