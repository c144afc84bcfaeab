locals {
  gpu_taint = { key = "nvidia.com/gpu", value = "true", effect = "NO_SCHEDULE" }

  node_groups = {
    for name, group in var.node_groups : name => merge(group, {
      ami_type = group.gpus_per_node > 0 ? "AL2023_x86_64_NVIDIA" : "AL2023_x86_64_STANDARD"

      # Nothing but GPU work lands on a GPU node; DaemonSets that wait for GPUs select by the label.
      taints = concat(group.gpus_per_node > 0 ? [local.gpu_taint] : [], group.taints)
      labels = merge(group.labels, group.gpus_per_node > 0 ? { "nvidia.com/gpu.present" = "true" } : {})
    })
  }
}

resource "aws_launch_template" "node" {
  for_each = local.node_groups

  # A prefix: an apply that is stopped while AWS makes the template leaves one that no state knows, and by a fixed name
  # the next apply could not make its own. 102 characters are what AWS leaves for it.
  name_prefix            = "${substr("${var.cluster_name}-${each.key}", 0, 101)}-"
  description            = "Nodes of the group ${each.key}"
  update_default_version = true

  # Pods have roles of their own: with one hop they cannot take the node's from the metadata service.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = each.value.disk_gib
      encrypted             = true
      delete_on_termination = true
    }
  }

  # The provider's default_tags stop at the template; instances, disks and interfaces get theirs from here.
  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(var.instance_tags, { Name = "${var.cluster_name}-${each.key}" })
    }
  }
}

resource "aws_eks_node_group" "this" {
  for_each = local.node_groups

  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = var.node_role_arn
  subnet_ids      = var.subnet_ids

  # Follows the control plane in the same apply, after it.
  version        = aws_eks_cluster.this.version
  ami_type       = each.value.ami_type
  capacity_type  = each.value.capacity_type
  instance_types = each.value.instance_types
  labels         = each.value.labels

  launch_template {
    id      = aws_launch_template.node[each.key].id
    version = aws_launch_template.node[each.key].latest_version
  }

  scaling_config {
    min_size     = each.value.min_size
    desired_size = each.value.desired_size
    max_size     = each.value.max_size
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value
      effect = taint.value.effect
    }
  }

  update_config {
    max_unavailable_percentage = 33
  }

  node_repair_config {
    enabled = true
  }

  # Without a network plugin no node becomes ready, and without the agent the plugin has no permissions.
  depends_on = [aws_eks_addon.before_nodes]
}
