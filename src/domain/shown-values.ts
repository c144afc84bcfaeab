/**
 * Attributes whose values a summary may show: people decide on them, and none of them can be a secret.
 * Terraform's sensitivity marks are not complete, so this list is short and every entry is reviewed.
 */
export const SHOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  aws_eks_addon: ['addon_version'],
  aws_eks_cluster: ['version'],
  aws_eks_node_group: [
    'ami_type',
    'capacity_type',
    'instance_types',
    'release_version',
    'scaling_config',
    'version',
  ],
  helm_release: ['chart', 'version'],
};

/** Types that hold data, or the cluster itself: taking one away is said before anything else. */
export const HOLDS_DATA: ReadonlySet<string> = new Set([
  'aws_ebs_volume',
  'aws_efs_file_system',
  'aws_eks_cluster',
  'aws_eks_node_group',
  'aws_fsx_lustre_file_system',
  'aws_kms_key',
  'aws_route53_zone',
  'aws_s3_bucket',
  'aws_vpc',
]);
