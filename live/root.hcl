# Every unit includes this file: where its state lives, with which provider it talks to AWS, and the facts of its
# environment. A unit itself holds its source, its edges and its inputs, nothing else.

locals {
  # The one file of facts, also read by the CLI. Keys are documented in live/sandbox/env.yaml.
  env = yamldecode(file(mark_as_read(find_in_parent_folders("env.yaml"))))

  # Path below live/, e.g. dev/eks: key of the state, and the tag that says which unit made a resource.
  unit = path_relative_to_include()

  name_prefix = "${local.env.project}-${local.env.name}"

  tags = merge({
    environment = local.env.name
    managed-by  = "terragrunt"
    project     = local.env.project
    unit        = local.unit
  }, try(local.env.tags, {}))

  # What Terragrunt lists as read by a unit decides which units a change selects. It sees a unit's own module, but
  # neither file() above nor a module that the module calls: those are named. One list for all units, so a change
  # here also plans units that do not call it; they show no changes.
  called_modules = mark_glob_as_read(
    "--terragrunt-boundary=${get_parent_terragrunt_dir()}/../infra",
    "${get_parent_terragrunt_dir()}/../infra/pod-role/*.tf",
  )

  mocks = read_terragrunt_config("${get_parent_terragrunt_dir()}/_shared/mocks.hcl").locals

  # A unit that includes the Helm provider manages nothing in AWS, and is spared that provider: 700 MB that every command
  # of the unit would start. Two included files may not generate the same block, so this one looks and steps aside.
  is_chart = strcontains(file("${get_terragrunt_dir()}/terragrunt.hcl"), "_shared/helm.hcl")

  # Where the CLI's sandbox serves charts. The CLI sets it there alone: a mirror is named in env.yaml.
  chart_repository = get_env("PLATFORM_CHART_REPOSITORY", "")

  charts = {
    for name, chart in try(local.env.charts, {}) : name => {
      repository = local.chart_repository == "" ? chart.repository : local.chart_repository
      version    = chart.version
    }
  }

  # env.yaml speaks camelCase, Terraform snake_case. A key that is left out is null here and takes the module's default.
  node_groups = {
    for name, group in local.env.nodeGroups : name => {
      instance_types = group.instanceTypes
      min_size       = group.minSize
      desired_size   = group.desiredSize
      max_size       = group.maxSize
      disk_gib       = try(group.diskGiB, null)
      capacity_type  = try(group.capacityType, null)
      gpus_per_node  = try(group.gpusPerNode, null)
      labels         = try(group.labels, null)
      taints         = try(group.taints, null)
    }
  }

  access = {
    for name, entry in try(local.env.cluster.access, {}) : name => {
      principal_arn = entry.principalArn
      policy        = entry.policy
      namespaces    = try(entry.namespaces, null)
      groups        = try(entry.groups, null)
    }
  }
}

remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    bucket              = local.env.stateBucket
    key                 = "${local.unit}/terraform.tfstate"
    region              = local.env.region
    encrypt             = true
    use_lockfile        = true
    allowed_account_ids = [local.env.account]
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  disable   = local.is_chart
  contents  = <<-EOF
    provider "aws" {
      region              = "${local.env.region}"
      allowed_account_ids = ["${local.env.account}"]
      max_retries         = ${try(local.env.provider.maxRetries, 25)}

      default_tags {
        tags = ${jsonencode(local.tags)}
      }
    }
  EOF
}

# Modules accept a range of provider versions; an environment runs exactly one. An override file, because a second
# required_providers block in an ordinary one is an error.
generate "versions" {
  path      = "versions_override.tf"
  if_exists = "overwrite_terragrunt"
  disable   = local.is_chart
  contents  = <<-EOF
    terraform {
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = "${local.env.provider.version}"
        }
      }
    }
  EOF
}
