# What units that install a Helm chart include beside root.hcl: the dependency on the cluster, and the Helm provider in
# place of the AWS one. They manage nothing in AWS, so they do not start its provider; the account is still checked by the
# backend and by the CLI.

locals {
  env   = yamldecode(file(mark_as_read(find_in_parent_folders("env.yaml"))))
  mocks = read_terragrunt_config("${get_parent_terragrunt_dir()}/mocks.hcl").locals
}

dependency "eks" {
  config_path                             = "../eks"
  mock_outputs                            = local.mocks.eks
  mock_outputs_allowed_terraform_commands = local.mocks.allowed_commands
}

# The cluster comes from outputs and not from a data source, which would be read although the outputs are mocks. By way of
# variables, because a generated file must be known even where Terragrunt is told to leave outputs out.
inputs = {
  cluster_name                  = dependency.eks.outputs.cluster_name
  cluster_endpoint              = dependency.eks.outputs.cluster_endpoint
  cluster_certificate_authority = dependency.eks.outputs.cluster_certificate_authority
}

# JSON, because it is the one syntax that the provider understands from 1.x (nested blocks) to 3.x (attributes). A token
# lives for 15 minutes, so each run of the provider asks for its own. Without a signature, a comment that JSON has no room
# for, Terragrunt cannot tell its own file, and must be told to overwrite any.
generate "provider_helm" {
  path              = "provider_helm.tf.json"
  if_exists         = "overwrite"
  disable_signature = true
  contents = jsonencode({
    variable = {
      cluster_name                  = { type = "string" }
      cluster_endpoint              = { type = "string" }
      cluster_certificate_authority = { type = "string" }
    }
    provider = {
      helm = {
        kubernetes = {
          host                   = "$${var.cluster_endpoint}"
          cluster_ca_certificate = "$${base64decode(var.cluster_certificate_authority)}"
          exec = {
            api_version = "client.authentication.k8s.io/v1beta1"
            command     = "aws"
            args = [
              "eks", "get-token",
              "--cluster-name", "$${var.cluster_name}",
              "--region", local.env.region,
              "--output", "json",
            ]
          }
        }
      }
    }
  })
}

# Modules accept a range of provider versions; an environment runs exactly one.
generate "versions_helm" {
  path              = "versions_helm_override.tf.json"
  if_exists         = "overwrite"
  disable_signature = true
  contents = jsonencode({
    terraform = {
      required_providers = {
        helm = {
          source  = "hashicorp/helm"
          version = local.env.provider.helmVersion
        }
      }
    }
  })
}
