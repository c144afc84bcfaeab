include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//storage-fsx"
}

dependency "eks" {
  config_path                             = "../eks"
  mock_outputs                            = include.root.locals.mocks.eks
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

dependency "vpc" {
  config_path                             = "../vpc"
  mock_outputs                            = include.root.locals.mocks.vpc
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

locals {
  env = include.root.locals.env
}

inputs = {
  name_prefix               = include.root.locals.name_prefix
  cluster_name              = dependency.eks.outputs.cluster_name
  partition                 = split(":", dependency.eks.outputs.cluster_arn)[1]
  cluster_security_group_id = dependency.eks.outputs.cluster_security_group_id
  vpc_id                    = dependency.vpc.outputs.vpc_id
  subnet_id                 = dependency.vpc.outputs.private_subnet_ids[0]
  deployment_type           = local.env.storage.fsx.deploymentType
  storage_gib               = local.env.storage.fsx.storageGiB
  throughput_per_tib        = try(local.env.storage.fsx.throughputPerTiB, null)
  addon_versions            = try(local.env.cluster.addonVersions, null)
}
