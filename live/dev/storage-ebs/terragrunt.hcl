include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//storage-ebs"
}

dependency "eks" {
  config_path                             = "../eks"
  mock_outputs                            = include.root.locals.mocks.eks
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

locals {
  env = include.root.locals.env
}

inputs = {
  name_prefix    = include.root.locals.name_prefix
  cluster_name   = dependency.eks.outputs.cluster_name
  partition      = split(":", dependency.eks.outputs.cluster_arn)[1]
  addon_versions = try(local.env.cluster.addonVersions, null)
}
