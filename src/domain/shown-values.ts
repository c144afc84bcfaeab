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

/**
 * Types that hold data, or the cluster itself: taking one away is said before anything else. What only
 * points to data is not among them: a version of a secret is replaced whenever the secret is rotated.
 */
export const HOLDS_DATA: ReadonlySet<string> = new Set([
  'aws_db_cluster_snapshot',
  'aws_db_instance',
  'aws_db_snapshot',
  'aws_dynamodb_global_table',
  'aws_dynamodb_table',
  'aws_dynamodb_table_replica',
  'aws_ebs_snapshot',
  'aws_ebs_snapshot_copy',
  'aws_ebs_snapshot_import',
  'aws_ebs_volume',
  'aws_ecr_repository',
  'aws_ecrpublic_repository',
  'aws_efs_file_system',
  'aws_eks_cluster',
  'aws_eks_node_group',
  'aws_elasticache_cluster',
  'aws_elasticache_global_replication_group',
  'aws_elasticache_replication_group',
  'aws_elasticache_serverless_cache',
  'aws_elasticsearch_domain',
  'aws_fsx_backup',
  'aws_fsx_file_cache',
  'aws_fsx_lustre_file_system',
  'aws_fsx_ontap_file_system',
  'aws_fsx_ontap_storage_virtual_machine',
  'aws_fsx_ontap_volume',
  'aws_fsx_openzfs_file_system',
  'aws_fsx_openzfs_snapshot',
  'aws_fsx_openzfs_volume',
  'aws_fsx_windows_file_system',
  'aws_kms_external_key',
  'aws_kms_key',
  'aws_kms_replica_external_key',
  'aws_kms_replica_key',
  'aws_opensearch_domain',
  'aws_opensearchserverless_collection',
  'aws_rds_cluster',
  'aws_route53_zone',
  'aws_s3_bucket',
  'aws_s3_directory_bucket',
  'aws_secretsmanager_secret',
  'aws_vpc',
  'kubernetes_persistent_volume_claim',
  'kubernetes_persistent_volume_claim_v1',
]);
