/**
 * Kubernetes and add-on versions that the sandbox offers, checked last 2026-11-22. Form and dates
 * follow the release calendar of the EKS user guide
 * (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html,
 * https://endoflife.date/amazon-eks) and the output of `aws eks describe-addon-versions`. This is a
 * small selection and not AWS's list: a version that is missing here may well exist there (1.36
 * does), and a build number here may be gone there.
 */
export interface ClusterVersion {
  readonly version: string;
  readonly platformVersion: string;
  readonly patchVersion: string;
  /** Release of the EKS optimized AMI. */
  readonly amiRelease: string;
  readonly released: string;
  readonly standardSupportEnds: string;
  readonly extendedSupportEnds: string;
  readonly isDefault?: true;
}

/** Oldest first. */
export const clusterVersions: readonly ClusterVersion[] = [
  {
    version: '1.31',
    platformVersion: 'eks.41',
    patchVersion: '1.31.13',
    amiRelease: '1.31.13-20251112',
    released: '2024-09-26',
    standardSupportEnds: '2025-11-26',
    extendedSupportEnds: '2026-11-26',
  },
  {
    version: '1.32',
    platformVersion: 'eks.34',
    patchVersion: '1.32.9',
    amiRelease: '1.32.9-20251112',
    released: '2025-01-23',
    standardSupportEnds: '2026-03-23',
    extendedSupportEnds: '2027-03-23',
  },
  {
    version: '1.33',
    platformVersion: 'eks.27',
    patchVersion: '1.33.5',
    amiRelease: '1.33.5-20251112',
    released: '2025-05-29',
    standardSupportEnds: '2026-07-29',
    extendedSupportEnds: '2027-07-29',
  },
  {
    version: '1.34',
    platformVersion: 'eks.12',
    patchVersion: '1.34.1',
    amiRelease: '1.34.1-20251112',
    released: '2025-10-02',
    standardSupportEnds: '2026-12-02',
    extendedSupportEnds: '2027-12-02',
  },
  {
    version: '1.35',
    platformVersion: 'eks.3',
    patchVersion: '1.35.0',
    amiRelease: '1.35.0-20260129',
    released: '2026-01-28',
    standardSupportEnds: '2027-03-27',
    extendedSupportEnds: '2028-03-27',
    isDefault: true,
  },
];

export interface AddonVersions {
  readonly type: string;
  readonly owner: 'aws' | 'community';
  readonly namespace: string;
  /** Newest first, for each Kubernetes version; the second is the default where AWS has it so. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

const everyVersion = (...versions: string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(clusterVersions.map((each) => [each.version, versions]));

export const addonVersions: Readonly<Record<string, AddonVersions>> = {
  'vpc-cni': {
    type: 'networking',
    owner: 'aws',
    namespace: 'kube-system',
    versions: everyVersion(
      'v1.21.1-eksbuild.1',
      'v1.20.4-eksbuild.1',
      'v1.20.1-eksbuild.1',
      'v1.19.6-eksbuild.1',
      'v1.19.2-eksbuild.1',
    ),
  },
  'kube-proxy': {
    type: 'networking',
    owner: 'aws',
    namespace: 'kube-system',
    versions: {
      '1.31': ['v1.31.13-eksbuild.2', 'v1.31.10-eksbuild.2', 'v1.31.2-eksbuild.3'],
      '1.32': ['v1.32.9-eksbuild.2', 'v1.32.6-eksbuild.2', 'v1.32.0-eksbuild.2'],
      '1.33': ['v1.33.5-eksbuild.2', 'v1.33.3-eksbuild.4', 'v1.33.0-eksbuild.2'],
      '1.34': ['v1.34.1-eksbuild.2', 'v1.34.0-eksbuild.2'],
      '1.35': ['v1.35.0-eksbuild.2'],
    },
  },
  coredns: {
    type: 'networking',
    owner: 'aws',
    namespace: 'kube-system',
    versions: {
      '1.31': ['v1.11.4-eksbuild.24', 'v1.11.4-eksbuild.2', 'v1.11.3-eksbuild.1'],
      '1.32': ['v1.11.4-eksbuild.24', 'v1.11.4-eksbuild.2', 'v1.11.3-eksbuild.1'],
      '1.33': ['v1.12.4-eksbuild.1', 'v1.12.1-eksbuild.2', 'v1.11.4-eksbuild.24'],
      '1.34': ['v1.12.4-eksbuild.1', 'v1.12.3-eksbuild.1', 'v1.12.1-eksbuild.2'],
      '1.35': ['v1.13.2-eksbuild.1', 'v1.13.1-eksbuild.1', 'v1.12.4-eksbuild.1'],
    },
  },
  'eks-pod-identity-agent': {
    type: 'security',
    owner: 'aws',
    namespace: 'kube-system',
    versions: everyVersion('v1.3.10-eksbuild.1', 'v1.3.9-eksbuild.3', 'v1.3.4-eksbuild.1'),
  },
  'aws-ebs-csi-driver': {
    type: 'storage',
    owner: 'aws',
    namespace: 'kube-system',
    versions: everyVersion(
      'v1.52.1-eksbuild.1',
      'v1.48.0-eksbuild.1',
      'v1.44.0-eksbuild.1',
      'v1.39.0-eksbuild.1',
    ),
  },
  'aws-efs-csi-driver': {
    type: 'storage',
    owner: 'aws',
    namespace: 'kube-system',
    versions: everyVersion('v2.1.13-eksbuild.1', 'v2.1.9-eksbuild.1', 'v2.1.4-eksbuild.1'),
  },
  'aws-fsx-csi-driver': {
    type: 'storage',
    owner: 'aws',
    namespace: 'kube-system',
    versions: everyVersion('v1.7.0-eksbuild.1', 'v1.6.0-eksbuild.1'),
  },
  'snapshot-controller': {
    type: 'storage',
    owner: 'aws',
    namespace: 'kube-system',
    versions: everyVersion('v8.3.0-eksbuild.1', 'v8.2.0-eksbuild.1', 'v8.1.0-eksbuild.2'),
  },
  'cert-manager': {
    type: 'security',
    owner: 'community',
    namespace: 'cert-manager',
    versions: everyVersion('v1.18.2-eksbuild.2', 'v1.17.2-eksbuild.1'),
  },
  'metrics-server': {
    type: 'observability',
    owner: 'community',
    namespace: 'kube-system',
    versions: everyVersion('v0.8.0-eksbuild.2', 'v0.7.2-eksbuild.4', 'v0.7.2-eksbuild.3'),
  },
};

/** From the EKS user guide, access-policy-permissions.html. */
export const accessPolicyNames: readonly string[] = [
  'AmazonEKSAdminPolicy',
  'AmazonEKSAdminViewPolicy',
  'AmazonEKSAutoNodePolicy',
  'AmazonEKSBlockStorageClusterPolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSClusterAdminPolicy',
  'AmazonEKSClusterInsightsPolicy',
  'AmazonEKSComputeClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSEditPolicy',
  'AmazonEKSHybridPolicy',
  'AmazonEKSLoadBalancingClusterPolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingClusterPolicy',
  'AmazonEKSNetworkingPolicy',
  'AmazonEKSSecretReaderPolicy',
  'AmazonEKSViewPolicy',
];
