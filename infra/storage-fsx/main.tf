module "driver_role" {
  source = "../pod-role"

  name            = "${var.name_prefix}-fsx-csi"
  cluster_name    = var.cluster_name
  service_account = "fsx-csi-controller-sa"
  policy_arns     = ["arn:${var.partition}:iam::aws:policy/AmazonFSxFullAccess"]
}

resource "aws_eks_addon" "driver" {
  cluster_name  = var.cluster_name
  addon_name    = "aws-fsx-csi-driver"
  addon_version = lookup(var.addon_versions, "aws-fsx-csi-driver", null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  pod_identity_association {
    service_account = "fsx-csi-controller-sa"
    role_arn        = module.driver_role.arn
  }
}

# Encrypted at rest always; in transit between clients and servers for PERSISTENT_2 and SCRATCH_2 alike.
resource "aws_fsx_lustre_file_system" "this" {
  deployment_type             = var.deployment_type
  storage_capacity            = var.storage_gib
  per_unit_storage_throughput = var.throughput_per_tib
  file_system_type_version    = "2.15"
  data_compression_type       = "LZ4"
  subnet_ids                  = [var.subnet_id]
  security_group_ids          = [aws_security_group.lustre.id]

  tags = { Name = "${var.name_prefix}-lustre" }

  lifecycle {
    precondition {
      condition     = (var.deployment_type == "PERSISTENT_2") == (var.throughput_per_tib != null)
      error_message = "PERSISTENT_2 needs storage.fsx.throughputPerTiB, SCRATCH_2 must not have it"
    }
  }
}
