include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//vpc"
}

dependency "account" {
  config_path                             = "../account"
  mock_outputs                            = include.root.locals.mocks.account
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

locals {
  env = include.root.locals.env
}

inputs = {
  name_prefix              = include.root.locals.name_prefix
  region                   = local.env.region
  azs                      = dependency.account.outputs.azs
  cidr                     = local.env.vpc.cidr
  nat                      = local.env.vpc.nat
  cluster_name             = local.env.cluster.name
  flow_logs_retention_days = try(local.env.vpc.flowLogs.retentionDays, null)
  vpc_tags                 = try(local.env.vpc.tags, null)
}
