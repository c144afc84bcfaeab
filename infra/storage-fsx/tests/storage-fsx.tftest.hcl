mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mlp-dev-fsx-csi" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-lustre" }
  }
}

variables {
  name_prefix  = "mlp-dev"
  cluster_name = "mlp-dev"

  vpc_id                    = "vpc-1"
  subnet_id                 = "subnet-a"
  cluster_security_group_id = "sg-cluster"
  deployment_type           = "SCRATCH_2"
  storage_gib               = 1200
}

run "driver_has_its_own_role" {
  assert {
    condition     = aws_eks_addon.driver.addon_name == "aws-fsx-csi-driver" && aws_eks_addon.driver.resolve_conflicts_on_create == "OVERWRITE"
    error_message = "the driver is the EKS add-on"
  }

  assert {
    condition     = [for association in aws_eks_addon.driver.pod_identity_association : "${association.service_account}=${association.role_arn}"] == ["fsx-csi-controller-sa=arn:aws:iam::123456789012:role/mlp-dev-fsx-csi"]
    error_message = "its controller gets the role by Pod Identity"
  }

  assert {
    condition     = jsondecode(module.driver_role.trust_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == "fsx-csi-controller-sa"
    error_message = "the role is for the service account that the association names"
  }

  assert {
    condition     = module.driver_role.policy_arns == ["arn:aws:iam::aws:policy/AmazonFSxFullAccess"]
    error_message = "the role holds the policy that AWS documents for the driver"
  }
}

run "scratch" {
  assert {
    condition     = aws_fsx_lustre_file_system.this.deployment_type == "SCRATCH_2" && aws_fsx_lustre_file_system.this.storage_capacity == 1200 && aws_fsx_lustre_file_system.this.per_unit_storage_throughput == null
    error_message = "type and size are the asked ones"
  }

  assert {
    condition     = aws_fsx_lustre_file_system.this.subnet_ids == tolist(["subnet-a"]) && aws_fsx_lustre_file_system.this.security_group_ids == toset(["sg-lustre"])
    error_message = "the file system sits in the given subnet, behind its own security group"
  }
}

run "persistent" {
  variables {
    deployment_type    = "PERSISTENT_2"
    storage_gib        = 2400
    throughput_per_tib = 250
  }

  assert {
    condition     = aws_fsx_lustre_file_system.this.deployment_type == "PERSISTENT_2" && aws_fsx_lustre_file_system.this.per_unit_storage_throughput == 250
    error_message = "a persistent file system has the asked throughput"
  }
}

run "only_nodes_and_servers_reach_it" {
  assert {
    condition = toset([for rule in aws_vpc_security_group_ingress_rule.lustre : "${rule.referenced_security_group_id}:${rule.from_port}-${rule.to_port}"]) == toset([
      "sg-cluster:988-988",
      "sg-cluster:1018-1023",
      "sg-lustre:988-988",
      "sg-lustre:1018-1023",
    ])
    error_message = "Lustre's ports are open for nodes and servers, and nothing else is"
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.lustre), values(aws_vpc_security_group_egress_rule.lustre)) : rule.cidr_ipv4 == null && rule.ip_protocol == "tcp"])
    error_message = "no address range is open"
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.lustre) == 4
    error_message = "Lustre may answer and call back on the same ports"
  }
}

run "throughput_belongs_to_persistent" {
  command = plan

  variables {
    throughput_per_tib = 125
  }

  expect_failures = [aws_fsx_lustre_file_system.this]
}

run "persistent_needs_throughput" {
  command = plan

  variables {
    deployment_type = "PERSISTENT_2"
  }

  expect_failures = [aws_fsx_lustre_file_system.this]
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name_prefix               = "MLP"
    cluster_name              = "mlp dev"
    partition                 = "azure"
    addon_versions            = { aws-fsx-csi-driver = "1.2" }
    cluster_security_group_id = "cluster"
    vpc_id                    = "mine"
    subnet_id                 = "a"
    deployment_type           = "SCRATCH_1"
    storage_gib               = 3600
    throughput_per_tib        = 100
  }

  expect_failures = [
    var.name_prefix,
    var.cluster_name,
    var.partition,
    var.addon_versions,
    var.cluster_security_group_id,
    var.vpc_id,
    var.subnet_id,
    var.deployment_type,
    var.storage_gib,
    var.throughput_per_tib,
  ]
}
