import type { GoBinary, GoBuild } from './recipe.ts';

const KUBERNETES = 'k8s.io/kubernetes';
const KWOK = 'sigs.k8s.io/kwok';

export interface KubernetesVersions {
  readonly kubernetes: string;
  readonly etcd: string;
  readonly kwok: string;
}

/** The control plane without Docker, and kubectl of the same version. */
export function controlPlaneBuild(versions: KubernetesVersions): GoBuild {
  const { kubernetes, etcd, kwok } = versions;
  const ofKubernetes = KUBERNETES_BINARIES.map((name) => kubernetesBinary(name, kubernetes));
  const ofKwok = KWOK_BINARIES.map((name) => ({
    package: `${KWOK}/cmd/${name}`,
    module: KWOK,
    version: kwok,
    output: name,
  }));
  const server = 'go.etcd.io/etcd/server/v3';
  const ofEtcd = { package: server, module: server, version: etcd, output: 'etcd' };
  return {
    folder: 'kubernetes',
    binaries: [ofEtcd, ...ofKubernetes, ...ofKwok],
    variables: kubernetesVersion(kubernetes),
    usual: { minutes: 7, gigabytes: 8 },
  };
}

export function kubectlBuild(version: string): GoBuild {
  return {
    folder: 'kubernetes',
    binaries: [kubernetesBinary('kubectl', version)],
    variables: kubernetesVersion(version),
    usual: { minutes: 4, gigabytes: 4 },
  };
}

export const KUBERNETES_BINARIES = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
] as const;
export const KWOK_BINARIES = ['kwok', 'kwokctl'] as const;

function kubernetesBinary(name: string, version: string): GoBinary {
  return { package: `${KUBERNETES}/cmd/${name}`, module: KUBERNETES, version, output: name };
}

/**
 * What `hack/lib/version.sh` of Kubernetes sets. Without it the API server calls itself
 * v0.0.0-master: kubectl refuses to name its version, and no chart's `kubeVersion` matches.
 */
function kubernetesVersion(version: string): Record<string, string> {
  const [major = '', minor = ''] = version.split('.');
  const variable = (name: string) => `k8s.io/component-base/version.${name}`;
  return {
    [variable('gitVersion')]: `v${version}`,
    [variable('gitMajor')]: major,
    [variable('gitMinor')]: minor,
    [variable('gitCommit')]: 'unknown',
    [variable('gitTreeState')]: 'clean',
    [variable('buildDate')]: '1970-01-01T00:00:00Z',
  };
}
