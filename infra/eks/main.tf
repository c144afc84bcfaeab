locals {
  # arn:<partition>:iam::<account>:role/<name>
  partition  = split(":", var.cluster_role_arn)[1]
  account_id = split(":", var.cluster_role_arn)[4]

  public_endpoint = length(var.endpoint_public_cidrs) > 0
}

# Kubernetes secrets are encrypted with a key of this account (without it: with one that AWS owns), so that who may
# decrypt them is decided and logged here.
resource "aws_kms_key" "secrets" {
  description             = "Kubernetes secrets of ${var.cluster_name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.protected ? 30 : 7

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountDecidesByIam"
        Effect    = "Allow"
        Action    = "kms:*"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
        Resource  = "*"
      },
      {
        Sid       = "ControlPlane"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"]
        Principal = { AWS = var.cluster_role_arn }
        Resource  = "*"
      },
    ]
  })
}

# Made here, before the cluster: EKS would make it too, but without retention and outside of Terraform.
resource "aws_cloudwatch_log_group" "control_plane" {
  name              = "/aws/eks/${var.cluster_name}/cluster"
  retention_in_days = var.log_retention_days
}

resource "aws_eks_cluster" "this" {
  name     = var.cluster_name
  version  = var.cluster_version
  role_arn = var.cluster_role_arn

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  # All add-ons are managed below; the self-managed copies would only be adopted and overwritten.
  bootstrap_self_managed_addons = false

  access_config {
    authentication_mode = "API"

    # Who made the cluster gets no hidden rights: access.tf says who may enter.
    bootstrap_cluster_creator_admin_permissions = false
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = aws_kms_key.secrets.arn
    }
  }

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = local.public_endpoint
    public_access_cidrs     = local.public_endpoint ? var.endpoint_public_cidrs : null
  }

  # No surprise bill: a version that leaves standard support is upgraded, not kept at the extended price.
  upgrade_policy {
    support_type = "STANDARD"
  }

  depends_on = [aws_cloudwatch_log_group.control_plane]

  lifecycle {
    precondition {
      condition     = !(var.protected && contains(var.endpoint_public_cidrs, "0.0.0.0/0"))
      error_message = "a protected environment must not open the API endpoint to 0.0.0.0/0: name the ranges in cluster.endpointPublicCidrs, or none"
    }
  }
}
