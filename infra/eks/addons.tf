locals {
  # A service account of an add-on and the role that it gets by Pod Identity.
  addon_roles = {
    vpc-cni = { service_account = "aws-node", role_arn = var.vpc_cni_role_arn }
  }
}

resource "aws_eks_addon" "before_nodes" {
  for_each = toset(["vpc-cni", "eks-pod-identity-agent"])

  cluster_name  = aws_eks_cluster.this.name
  addon_name    = each.key
  addon_version = lookup(var.addon_versions, each.key, null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(local.addon_roles), each.key) ? [local.addon_roles[each.key]] : []

    content {
      service_account = pod_identity_association.value.service_account
      role_arn        = pod_identity_association.value.role_arn
    }
  }
}

# These have pods that need a node: earlier they would stay DEGRADED and the apply would wait for its timeout.
resource "aws_eks_addon" "after_nodes" {
  for_each = toset(["kube-proxy", "coredns"])

  cluster_name  = aws_eks_cluster.this.name
  addon_name    = each.key
  addon_version = lookup(var.addon_versions, each.key, null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  depends_on = [aws_eks_node_group.this]
}
