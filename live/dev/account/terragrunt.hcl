include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//account"
}

locals {
  env = include.root.locals.env
}

inputs = {
  name_prefix  = include.root.locals.name_prefix
  environment  = local.env.name
  account_id   = local.env.account
  az_count     = try(local.env.vpc.availabilityZones, null)
  state_bucket = local.env.stateBucket
  zone_name    = try(local.env.dns.zone, null)

  github = {
    repository     = local.env.github.repository
    owner_id       = local.env.github.ownerId
    repository_id  = local.env.github.repositoryId
    default_branch = try(local.env.github.defaultBranch, null)
  }
}
