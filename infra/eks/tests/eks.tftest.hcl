mock_provider "aws" {
  mock_resource "aws_eks_cluster" {
    defaults = {
      arn                   = "arn:aws:eks:eu-central-1:123456789012:cluster/mlp-dev"
      certificate_authority = [{ data = "Q0E=" }]
    }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-0123456789abcdef0", latest_version = 1 }
  }
}

variables {
  cluster_name     = "mlp-dev"
  cluster_version  = "1.36"
  protected        = false
  cluster_role_arn = "arn:aws:iam::123456789012:role/mlp-dev-cluster"
  node_role_arn    = "arn:aws:iam::123456789012:role/mlp-dev-node"
  vpc_cni_role_arn = "arn:aws:iam::123456789012:role/mlp-dev-vpc-cni"
  subnet_ids       = ["subnet-a", "subnet-b", "subnet-c"]
  instance_tags    = { project = "mlp" }

  access = {
    apply = { principal_arn = "arn:aws:iam::123456789012:role/mlp-dev-apply", policy = "AmazonEKSClusterAdminPolicy" }
    plan  = { principal_arn = "arn:aws:iam::123456789012:role/mlp-dev-plan", policy = "AmazonEKSViewPolicy", groups = ["platform-plan"] }
    team = {
      principal_arn = "arn:aws:iam::123456789012:role/team"
      policy        = "AmazonEKSEditPolicy"
      namespaces    = ["team"]
    }
  }

  node_groups = {
    general = {
      instance_types = ["m6i.large"]
      min_size       = 1
      desired_size   = 2
      max_size       = 4
    }
    gpu = {
      instance_types = ["g5.xlarge"]
      min_size       = 0
      desired_size   = 2
      max_size       = 4
      disk_gib       = 200
      gpus_per_node  = 4
      labels         = { pool = "training" }
      taints         = [{ key = "fsx.csi.aws.com/agent-not-ready", effect = "NO_EXECUTE" }]
    }
  }
}

run "endpoint_is_private_unless_asked" {
  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "without public ranges there is no public endpoint"
  }
}

run "public_endpoint_has_its_ranges" {
  variables {
    endpoint_public_cidrs = ["203.0.113.0/24"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "a public endpoint is limited to the ranges that were named"
  }
}

run "protected_cluster_is_not_open" {
  command = plan

  variables {
    protected             = true
    endpoint_public_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [aws_eks_cluster.this]
}

run "access_is_by_entries_only" {
  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API" && !aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "no aws-auth ConfigMap, no hidden creator"
  }

  assert {
    condition     = { for name, entry in aws_eks_access_entry.this : name => entry.principal_arn } == { for name, entry in var.access : name => entry.principal_arn }
    error_message = "the named principals have entries, and nobody else"
  }

  assert {
    condition     = aws_eks_access_policy_association.this["plan"].policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy" && aws_eks_access_policy_association.this["plan"].access_scope[0].type == "cluster"
    error_message = "a policy is given for the whole cluster when no namespace is named"
  }

  assert {
    condition     = aws_eks_access_policy_association.this["team"].access_scope[0].type == "namespace" && aws_eks_access_policy_association.this["team"].access_scope[0].namespaces == toset(["team"])
    error_message = "a policy is limited to the namespaces that are named"
  }

  assert {
    condition     = aws_eks_access_entry.this["plan"].kubernetes_groups == toset(["platform-plan"])
    error_message = "an entry carries its Kubernetes groups"
  }
}

run "secrets_are_encrypted" {
  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].resources == toset(["secrets"]) && aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == aws_kms_key.secrets.arn
    error_message = "Kubernetes secrets are encrypted with the module's key"
  }

  assert {
    condition     = aws_kms_key.secrets.enable_key_rotation
    error_message = "the key is rotated"
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.secrets.policy).Statement : statement.Principal.AWS] == ["arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:role/mlp-dev-cluster"]
    error_message = "the key is for its account and the control plane"
  }

  assert {
    condition     = !contains(jsondecode(aws_kms_key.secrets.policy).Statement[1].Action, "kms:*")
    error_message = "the control plane uses the key, it does not administer it"
  }
}

run "logs_are_kept_for_a_time" {
  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit", "authenticator", "controllerManager", "scheduler"])
    error_message = "all control-plane logs are on"
  }

  assert {
    condition     = aws_cloudwatch_log_group.control_plane.name == "/aws/eks/mlp-dev/cluster" && aws_cloudwatch_log_group.control_plane.retention_in_days == 30
    error_message = "the log group is ours, with a retention"
  }
}

run "gpu_group" {
  assert {
    condition     = aws_eks_node_group.this["gpu"].ami_type == "AL2023_x86_64_NVIDIA"
    error_message = "GPU nodes run the NVIDIA image"
  }

  assert {
    condition     = contains([for taint in aws_eks_node_group.this["gpu"].taint : [taint.key, taint.value, taint.effect]], ["nvidia.com/gpu", "true", "NO_SCHEDULE"])
    error_message = "GPU nodes are tainted"
  }

  assert {
    condition     = length(aws_eks_node_group.this["gpu"].taint) == 2
    error_message = "a group's own taints are kept beside the GPU taint"
  }

  assert {
    condition     = aws_eks_node_group.this["gpu"].labels == tomap({ pool = "training", "nvidia.com/gpu.present" = "true" })
    error_message = "GPU nodes carry the GPU label beside the group's own"
  }

  assert {
    condition     = aws_launch_template.node["gpu"].name_prefix == "${var.cluster_name}-gpu-"
    error_message = "a template that a stopped apply has left does not take the name of the next"
  }

  assert {
    condition     = aws_launch_template.node["gpu"].block_device_mappings[0].ebs[0].volume_size == 200
    error_message = "the root disk has the asked size"
  }
}

run "cpu_group" {
  assert {
    condition     = aws_eks_node_group.this["general"].ami_type == "AL2023_x86_64_STANDARD" && length(aws_eks_node_group.this["general"].taint) == 0
    error_message = "CPU nodes run the standard image and take every pod"
  }

  assert {
    condition     = !contains(keys(aws_eks_node_group.this["general"].labels), "nvidia.com/gpu.present")
    error_message = "CPU nodes carry no GPU label"
  }

  assert {
    condition     = aws_eks_node_group.this["general"].scaling_config[0].desired_size == 2
    error_message = "the group has the asked size"
  }
}

run "nodes_are_hardened" {
  assert {
    condition = alltrue([
      for template in aws_launch_template.node :
      template.metadata_options[0].http_tokens == "required" && template.metadata_options[0].http_put_response_hop_limit == 1
    ])
    error_message = "IMDSv2 only, out of reach for pods"
  }

  assert {
    condition = alltrue([
      for template in aws_launch_template.node :
      tobool(template.block_device_mappings[0].ebs[0].encrypted) && template.block_device_mappings[0].ebs[0].volume_type == "gp3"
    ])
    error_message = "root disks are encrypted gp3"
  }

  assert {
    condition = alltrue(flatten([
      for template in aws_launch_template.node : [for spec in template.tag_specifications : spec.tags.project == "mlp"]
    ]))
    error_message = "instances, disks and interfaces carry the environment's tags"
  }

  assert {
    condition     = alltrue([for group in aws_eks_node_group.this : group.subnet_ids == toset(var.subnet_ids)])
    error_message = "nodes live in the given (private) subnets"
  }

  assert {
    condition     = alltrue([for group in aws_eks_node_group.this : group.version == "1.36"])
    error_message = "nodes follow the control plane's version"
  }
}

run "addons" {
  variables {
    addon_versions = { coredns = "v1.12.4-eksbuild.1" }
  }

  assert {
    condition     = toset(keys(aws_eks_addon.before_nodes)) == toset(["vpc-cni", "eks-pod-identity-agent"]) && toset(keys(aws_eks_addon.after_nodes)) == toset(["kube-proxy", "coredns"])
    error_message = "network and identity come before the nodes, what needs pods after"
  }

  assert {
    condition     = alltrue([for addon in concat(values(aws_eks_addon.before_nodes), values(aws_eks_addon.after_nodes)) : addon.resolve_conflicts_on_create == "OVERWRITE"])
    error_message = "creating an add-on overwrites what it finds"
  }

  assert {
    condition     = [for association in aws_eks_addon.before_nodes["vpc-cni"].pod_identity_association : "${association.service_account}=${association.role_arn}"] == ["aws-node=arn:aws:iam::123456789012:role/mlp-dev-vpc-cni"]
    error_message = "the CNI has its own role by Pod Identity"
  }

  assert {
    condition     = length(aws_eks_addon.before_nodes["eks-pod-identity-agent"].pod_identity_association) == 0
    error_message = "the agent needs no role"
  }

  assert {
    condition     = aws_eks_addon.after_nodes["coredns"].addon_version == "v1.12.4-eksbuild.1"
    error_message = "a pinned version is used"
  }

  assert {
    condition     = !aws_eks_cluster.this.bootstrap_self_managed_addons
    error_message = "no self-managed copies of the add-ons"
  }
}

run "istio_ports_are_open_inside_the_cluster" {
  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.istio : "${rule.ip_protocol}/${rule.from_port}-${rule.to_port}"]) == toset(["tcp/15012-15012", "tcp/15017-15017"])
    error_message = "istiod's ports are open"
  }

  assert {
    condition = alltrue([
      for rule in aws_vpc_security_group_ingress_rule.istio :
      rule.cidr_ipv4 == null && rule.referenced_security_group_id == rule.security_group_id
    ])
    error_message = "only members of the cluster's security group reach them"
  }
}

run "expected_nodes_and_gpus" {
  assert {
    condition     = output.expected_nodes == 4 && output.expected_gpus == 8
    error_message = "the outputs count nodes and GPUs of all groups"
  }

  assert {
    condition     = output.node_groups.gpu == { desired_size = 2, gpus_per_node = 4, expected_gpus = 8 }
    error_message = "the outputs say what each group should have"
  }
}

run "names_and_roles_are_checked" {
  command = plan

  variables {
    cluster_name          = "mlp dev"
    cluster_version       = "1.36.3"
    cluster_role_arn      = "mlp-dev-cluster"
    node_role_arn         = "mlp-dev-node"
    vpc_cni_role_arn      = "mlp-dev-vpc-cni"
    subnet_ids            = ["subnet-a"]
    endpoint_public_cidrs = ["203.0.113.7"]
    log_retention_days    = 31
    addon_versions        = { coredns = "latest" }
    instance_tags         = { Name = "mine" }
  }

  expect_failures = [
    var.cluster_name,
    var.cluster_version,
    var.cluster_role_arn,
    var.node_role_arn,
    var.vpc_cni_role_arn,
    var.subnet_ids,
    var.endpoint_public_cidrs,
    var.log_retention_days,
    var.addon_versions,
    var.instance_tags,
  ]
}

run "somebody_can_administer" {
  command = plan

  variables {
    access = {
      plan = { principal_arn = "arn:aws:iam::123456789012:role/mlp-dev-plan", policy = "AmazonEKSViewPolicy" }
    }
  }

  expect_failures = [var.access]
}

run "one_entry_per_principal" {
  command = plan

  variables {
    access = {
      apply = { principal_arn = "arn:aws:iam::123456789012:role/a", policy = "AmazonEKSClusterAdminPolicy" }
      again = { principal_arn = "arn:aws:iam::123456789012:role/a", policy = "AmazonEKSViewPolicy" }
    }
  }

  expect_failures = [var.access]
}

run "a_cpu_node_is_needed" {
  command = plan

  variables {
    node_groups = {
      gpu = {
        instance_types = ["g5.xlarge"], min_size = 1, desired_size = 1, max_size = 1, disk_gib = 200, gpus_per_node = 1
      }
    }
  }

  expect_failures = [var.node_groups]
}

run "gpu_disks_are_large_enough" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      gpu     = { instance_types = ["g5.xlarge"], min_size = 0, desired_size = 0, max_size = 1, gpus_per_node = 1 }
    }
  }

  expect_failures = [var.node_groups]
}

run "sizes_are_in_order" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 5, max_size = 4 }
    }
  }

  expect_failures = [var.node_groups]
}

run "principals_are_arns" {
  command = plan

  variables {
    access = {
      admin = { principal_arn = "arn:aws:iam::123456789012:role/admin", policy = "AmazonEKSClusterAdminPolicy" }
      team  = { principal_arn = "team", policy = "AmazonEKSViewPolicy" }
    }
  }

  expect_failures = [var.access]
}

run "policies_are_eks_access_policies" {
  command = plan

  variables {
    access = {
      admin = { principal_arn = "arn:aws:iam::123456789012:role/admin", policy = "AmazonEKSClusterAdminPolicy" }
      team  = { principal_arn = "arn:aws:iam::123456789012:role/team", policy = "AdministratorAccess" }
    }
  }

  expect_failures = [var.access]
}

run "system_groups_are_refused" {
  command = plan

  variables {
    access = {
      admin = { principal_arn = "arn:aws:iam::123456789012:role/admin", policy = "AmazonEKSClusterAdminPolicy" }
      team  = { principal_arn = "arn:aws:iam::123456789012:role/team", policy = "AmazonEKSViewPolicy", groups = ["system:masters"] }
    }
  }

  expect_failures = [var.access]
}

run "group_names_are_short" {
  command = plan

  variables {
    node_groups = {
      general     = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      Other_Group = { instance_types = ["m6i.large"], min_size = 0, desired_size = 0, max_size = 1 }
    }
  }

  expect_failures = [var.node_groups]
}

run "capacity_is_on_demand_or_spot" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      other   = { instance_types = ["m6i.large"], capacity_type = "CHEAP", min_size = 0, desired_size = 0, max_size = 1 }
    }
  }

  expect_failures = [var.node_groups]
}

run "instance_types_are_named" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      other   = { instance_types = [], min_size = 0, desired_size = 0, max_size = 1 }
    }
  }

  expect_failures = [var.node_groups]
}

run "gpus_are_whole" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      other   = { instance_types = ["g5.xlarge"], disk_gib = 100, gpus_per_node = 0.5, min_size = 0, desired_size = 0, max_size = 1 }
    }
  }

  expect_failures = [var.node_groups]
}

run "taint_effects_are_known" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      other   = { instance_types = ["m6i.large"], taints = [{ key = "a", effect = "NoSchedule" }], min_size = 0, desired_size = 0, max_size = 1 }
    }
  }

  expect_failures = [var.node_groups]
}

run "gpu_taint_comes_from_gpus_per_node" {
  command = plan

  variables {
    node_groups = {
      general = { instance_types = ["m6i.large"], min_size = 1, desired_size = 1, max_size = 1 }
      other   = { instance_types = ["g5.xlarge"], taints = [{ key = "nvidia.com/gpu", effect = "NO_SCHEDULE" }], min_size = 0, desired_size = 0, max_size = 1 }
    }
  }

  expect_failures = [var.node_groups]
}
