include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//cluster-iam"
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
  name_prefix  = include.root.locals.name_prefix
  partition    = dependency.account.outputs.partition
  cluster_name = local.env.cluster.name
}
