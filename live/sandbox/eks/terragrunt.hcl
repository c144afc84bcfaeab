include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//eks"
}

dependency "account" {
  config_path                             = "../account"
  mock_outputs                            = include.root.locals.mocks.account
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

dependency "vpc" {
  config_path                             = "../vpc"
  mock_outputs                            = include.root.locals.mocks.vpc
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

dependency "cluster_iam" {
  config_path                             = "../cluster-iam"
  mock_outputs                            = include.root.locals.mocks.cluster_iam
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

locals {
  env = include.root.locals.env
}

inputs = {
  cluster_name          = local.env.cluster.name
  cluster_version       = local.env.cluster.version
  protected             = local.env.protected
  cluster_role_arn      = dependency.cluster_iam.outputs.cluster_role_arn
  node_role_arn         = dependency.cluster_iam.outputs.node_role_arn
  vpc_cni_role_arn      = dependency.cluster_iam.outputs.vpc_cni_role_arn
  subnet_ids            = dependency.vpc.outputs.private_subnet_ids
  endpoint_public_cidrs = try(local.env.cluster.endpointPublicCidrs, null)
  log_retention_days    = try(local.env.cluster.logRetentionDays, null)
  addon_versions        = try(local.env.cluster.addonVersions, null)
  node_groups           = include.root.locals.node_groups
  instance_tags         = include.root.locals.tags

  # The roles of CI, and whom env.yaml names; a name of env.yaml cannot take their place.
  access = merge(include.root.locals.access, {
    ci-apply = {
      principal_arn = dependency.account.outputs.apply_role_arn
      policy        = "AmazonEKSClusterAdminPolicy"
    }
    ci-plan = {
      principal_arn = dependency.account.outputs.plan_role_arn
      policy        = "AmazonEKSViewPolicy"
      groups        = ["platform-plan"]
    }
  })
}
