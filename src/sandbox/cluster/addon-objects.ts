import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Addon, ClusterFields } from '../eks/store.ts';
import type { KubeObject } from './api-client.ts';

type ObjectsOf = (addon: Addon, cluster: ClusterFields) => readonly KubeObject[];

/**
 * What an EKS add-on puts into the cluster, as far as anybody looks at it: the same names and labels,
 * one container, of all configuration the default StorageClass. Add-ons that are missing here put nothing there.
 */
const addons: Readonly<Record<string, ObjectsOf>> = {
  'vpc-cni': (addon) => [daemonSet(addon, 'aws-node', { 'k8s-app': 'aws-node' })],
  'kube-proxy': (addon) => [daemonSet(addon, 'kube-proxy', { 'k8s-app': 'kube-proxy' })],
  'eks-pod-identity-agent': (addon) => [
    daemonSet(addon, 'eks-pod-identity-agent', {
      'app.kubernetes.io/name': 'eks-pod-identity-agent',
    }),
  ],
  coredns: (addon, cluster) => {
    const labels = { 'k8s-app': 'kube-dns', 'eks.amazonaws.com/component': 'coredns' };
    return [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'coredns', namespace, labels },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [containerOf(addon)], tolerations: criticalOnly },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'kube-dns',
          namespace,
          labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/name': 'CoreDNS' },
        },
        spec: {
          clusterIP: dnsAddress(cluster.serviceCidr),
          selector: { 'k8s-app': 'kube-dns' },
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53, protocol: 'TCP' },
          ],
        },
      },
    ];
  },
  'aws-ebs-csi-driver': (addon) => [
    csiDriver('ebs.csi.aws.com', true),
    ...(wantsDefaultClass(addon) ? [defaultClass] : []),
  ],
  'aws-efs-csi-driver': () => [csiDriver('efs.csi.aws.com', false)],
  'aws-fsx-csi-driver': () => [csiDriver('fsx.csi.aws.com', false)],
};

const namespace = 'kube-system';

const criticalOnly = [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
];

export function addonObjects(addon: Addon, cluster: ClusterFields): readonly KubeObject[] {
  return addons[addon.name]?.(addon, cluster) ?? [];
}

const driverConfiguration = z.object({
  defaultStorageClass: z.object({ enabled: z.boolean() }).optional(),
});

function wantsDefaultClass({ configurationValues = '{}' }: Addon): boolean {
  const read = driverConfiguration.safeParse(parseDocument(configurationValues).toJS());
  return read.success && read.data.defaultStorageClass?.enabled === true;
}

/** https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/templates/default-storageclass.yaml */
const defaultClass: KubeObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'ebs-csi-default-sc',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: 'ebs.csi.aws.com',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
};

/**
 * What EKS itself puts into a new cluster: the class `gp2`, since 1.30 without the mark of a default.
 * https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html
 */
export const clusterObjects: readonly KubeObject[] = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'gp2' },
    provisioner: 'kubernetes.io/aws-ebs',
    parameters: { type: 'gp2', fsType: 'ext4' },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  },
];

function containerOf(addon: Addon) {
  return { name: addon.name, image: `eks/${addon.name}:${addon.version}` };
}

function daemonSet(
  addon: Addon,
  name: string,
  labels: Readonly<Record<string, string>>,
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          containers: [containerOf(addon)],
        },
      },
    },
  };
}

function csiDriver(name: string, attachRequired: boolean): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name },
    spec: { attachRequired, podInfoOnMount: false },
  };
}

/** EKS gives DNS the tenth address of the range of Services. */
function dnsAddress(serviceCidr: string): string {
  return (serviceCidr.split('/')[0] ?? '').replace(/\.\d+$/, '.10');
}

const collections: Readonly<Record<string, string>> = {
  DaemonSet: '/apis/apps/v1/namespaces/kube-system/daemonsets',
  Deployment: '/apis/apps/v1/namespaces/kube-system/deployments',
  Service: '/api/v1/namespaces/kube-system/services',
  CSIDriver: '/apis/storage.k8s.io/v1/csidrivers',
  StorageClass: '/apis/storage.k8s.io/v1/storageclasses',
};

/** The API's path of an object of this file. */
export function pathOf(object: KubeObject): string {
  const { name } = object.metadata as { name: string };
  return `${collections[String(object.kind)]}/${name}`;
}
