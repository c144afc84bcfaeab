# V2 of the policy reaches only volumes and snapshots that this driver has made:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html
module "driver_role" {
  source = "../pod-role"

  name            = "${var.name_prefix}-ebs-csi"
  cluster_name    = var.cluster_name
  service_account = "ebs-csi-controller-sa"
  policy_arns     = ["arn:${var.partition}:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"]
}

# Snapshots are of no driver: the controller and its CRDs come first, or the driver starts without its snapshotter.
resource "aws_eks_addon" "snapshot_controller" {
  cluster_name  = var.cluster_name
  addon_name    = "snapshot-controller"
  addon_version = lookup(var.addon_versions, "snapshot-controller", null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "driver" {
  cluster_name  = var.cluster_name
  addon_name    = "aws-ebs-csi-driver"
  addon_version = lookup(var.addon_versions, "aws-ebs-csi-driver", null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  # The one default class of the cluster: gp3, bound where its pod runs. It names no key: volumes are encrypted by the
  # account's default, which the unit account turns on. EKS's own class gp2 is no default since 1.30.
  configuration_values = jsonencode({ defaultStorageClass = { enabled = true } })

  pod_identity_association {
    service_account = "ebs-csi-controller-sa"
    role_arn        = module.driver_role.arn
  }

  depends_on = [aws_eks_addon.snapshot_controller]
}
