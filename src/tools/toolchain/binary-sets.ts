import { join } from 'node:path';
import {
  controlPlaneBuild,
  KUBERNETES_BINARIES,
  type KubernetesVersions,
  KWOK_BINARIES,
} from './kubernetes-build.ts';
import type { Recipe, Release, System } from './recipe.ts';

/**
 * What the sandbox runs and nobody installs for himself: never looked for on PATH, made whole and put
 * into our cache by one rename, so that a folder that is there is complete.
 */
export interface BinarySet {
  readonly name: 'kubernetes' | 'helm-provider';
  /** Pins whose versions are this set's; the first names it. */
  readonly pins: readonly [string, ...string[]];
  /** The folder of all its versions, below the cache. */
  readonly home: string;
  /** Where the binaries lie in the folder of a version. */
  readonly inside: (system: System) => string;
  readonly recipe: (pins: ReadonlyMap<string, string>, system: System) => Recipe;
}

/** Terraform's address of the provider that `helm-provider` is. */
const HELM_ADDRESS = 'registry.terraform.io/hashicorp/helm';

/** The root of a filesystem mirror that holds what we made, for the sandbox alone. */
export function ownProviderMirror(cacheDirectory: string): string {
  return join(cacheDirectory, 'providers');
}

export const KUBERNETES: BinarySet = {
  name: 'kubernetes',
  pins: ['kubernetes', 'etcd', 'kwok'],
  home: join('tools', 'kubernetes'),
  inside: () => '',
  recipe: (pins, system) => {
    const versions = {
      kubernetes: pinned(pins, 'kubernetes'),
      etcd: pinned(pins, 'etcd'),
      kwok: pinned(pins, 'kwok'),
    };
    const goBuild = controlPlaneBuild(versions);
    return {
      name: 'kubernetes',
      version: versions.kubernetes,
      outputs: goBuild.binaries.map(({ output }) => output),
      releases: controlPlaneReleases(versions, system),
      goBuild,
    };
  },
};

export const HELM_PROVIDER: BinarySet = {
  name: 'helm-provider',
  pins: ['helm-provider'],
  // https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror, unpacked
  home: join('providers', HELM_ADDRESS),
  inside: ({ platform, arch }) => `${platform}_${arch}`,
  recipe: (pins, system) => {
    const version = pinned(pins, 'helm-provider');
    const name = 'terraform-provider-helm';
    const output = `${name}_v${version}`;
    const module = `github.com/hashicorp/${name}`;
    const releases = `https://releases.hashicorp.com/${name}/${version}/${name}_${version}`;
    return {
      name: 'helm-provider',
      version,
      outputs: [output],
      releases: [
        {
          url: `${releases}_${system.platform}_${system.arch}.zip`,
          checksum: { kind: 'list', url: `${releases}_SHA256SUMS` },
          // Older releases end the name with the protocol, `_x4`.
          archive: { kind: 'zip', member: output },
          output,
        },
      ],
      goBuild: {
        folder: 'helm-provider',
        binaries: [{ package: module, module, version, output }],
        variables: {},
        usual: { minutes: 3, gigabytes: 3 },
      },
    };
  },
};

export const BINARY_SETS: readonly BinarySet[] = [KUBERNETES, HELM_PROVIDER];

/** As its folder is called: all of its versions, for raising any of them makes another set. */
export function setVersion(set: BinarySet, pins: ReadonlyMap<string, string>): string {
  const [first, ...others] = set.pins;
  const beside = others.map((name) => `_${name}-${pinned(pins, name)}`);
  return [pinned(pins, first), ...beside].join('');
}

function pinned(pins: ReadonlyMap<string, string>, name: string): string {
  const version = pins.get(name);
  if (version === undefined) throw new Error(`no go.mod in tools/ has a version of ${name}`);
  return version;
}

/**
 * kwok publishes no sums beside its releases, so those that others have pinned for themselves stand
 * here. A version that is not among them is built.
 */
const KWOK_SUMS: Readonly<Record<string, string>> = {
  '0.8.0 kwok': 'f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46',
  '0.8.0 kwokctl': 'd5743166c657283d6e827c7c4c20cacfd9009fd94830f06718ca7b2c7099461f',
};

/** Of Linux on amd64 alone: the others lack an API server's release (macOS), or a sum that we know. */
function controlPlaneReleases(versions: KubernetesVersions, { platform, arch }: System): Release[] {
  if (platform !== 'linux' || arch !== 'amd64') return [];
  const etcd = `etcd-v${versions.etcd}-linux-amd64`;
  const etcdReleases = `https://github.com/etcd-io/etcd/releases/download/v${versions.etcd}`;
  const kwokReleases = `https://github.com/kubernetes-sigs/kwok/releases/download/v${versions.kwok}`;
  const ofKwok: Release[] = [];
  for (const output of KWOK_BINARIES) {
    const sha256 = KWOK_SUMS[`${versions.kwok} ${output}`];
    if (sha256 === undefined) return [];
    const url = `${kwokReleases}/${output}-linux-amd64`;
    ofKwok.push({ url, checksum: { kind: 'pinned', sha256 }, output });
  }
  return [
    ...KUBERNETES_BINARIES.map((output): Release => {
      const url = `https://dl.k8s.io/release/v${versions.kubernetes}/bin/linux/amd64/${output}`;
      return { url, checksum: { kind: 'list', url: `${url}.sha256` }, output };
    }),
    {
      url: `${etcdReleases}/${etcd}.tar.gz`,
      checksum: { kind: 'list', url: `${etcdReleases}/SHA256SUMS` },
      archive: { kind: 'tar.gz', member: `${etcd}/etcd` },
      output: 'etcd',
    },
    ...ofKwok,
  ];
}
