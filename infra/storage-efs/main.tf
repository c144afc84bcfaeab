module "driver_role" {
  source = "../pod-role"

  name            = "${var.name_prefix}-efs-csi"
  cluster_name    = var.cluster_name
  service_account = "efs-csi-controller-sa"
  policy_arns     = ["arn:${var.partition}:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"]
}

resource "aws_eks_addon" "driver" {
  cluster_name  = var.cluster_name
  addon_name    = "aws-efs-csi-driver"
  addon_version = lookup(var.addon_versions, "aws-efs-csi-driver", null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  pod_identity_association {
    service_account = "efs-csi-controller-sa"
    role_arn        = module.driver_role.arn
  }
}

resource "aws_efs_file_system" "this" {
  creation_token  = "${var.name_prefix}-efs"
  encrypted       = true
  throughput_mode = var.throughput_mode

  # Datasets and checkpoints go cold: files unread for a month move to the cheap class and come back on access.
  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS"
  }

  lifecycle_policy {
    transition_to_primary_storage_class = "AFTER_1_ACCESS"
  }

  tags = { Name = "${var.name_prefix}-efs" }
}

# The driver mounts with TLS; this refuses every client that does not, and every access that goes around the
# mount targets. An explicit policy replaces the default one, so it must allow, too:
# https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
resource "aws_efs_file_system_policy" "this" {
  file_system_id = aws_efs_file_system.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "ClientsThroughMountTargets"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action = [
          "elasticfilesystem:ClientMount",
          "elasticfilesystem:ClientRootAccess",
          "elasticfilesystem:ClientWrite",
        ]
        Resource  = aws_efs_file_system.this.arn
        Condition = { Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" } }
      },
      {
        Sid       = "EncryptedOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "*"
        Resource  = aws_efs_file_system.this.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_security_group" "efs" {
  name        = "${var.name_prefix}-efs"
  description = "NFS from the nodes of ${var.cluster_name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name_prefix}-efs" }
}

resource "aws_vpc_security_group_ingress_rule" "nfs" {
  security_group_id            = aws_security_group.efs.id
  referenced_security_group_id = var.cluster_security_group_id
  description                  = "NFS from the nodes"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}

resource "aws_efs_mount_target" "this" {
  for_each = { for index, id in var.subnet_ids : index => id }

  file_system_id  = aws_efs_file_system.this.id
  subnet_id       = each.value
  security_groups = [aws_security_group.efs.id]
}
