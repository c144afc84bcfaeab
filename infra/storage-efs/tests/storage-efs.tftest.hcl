mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mlp-dev-efs-csi" }
  }

  mock_resource "aws_efs_file_system" {
    defaults = { arn = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-1" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-efs" }
  }
}

variables {
  name_prefix  = "mlp-dev"
  cluster_name = "mlp-dev"

  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-a", "subnet-b", "subnet-c"]
  cluster_security_group_id = "sg-cluster"
}

run "driver_has_its_own_role" {
  assert {
    condition     = aws_eks_addon.driver.addon_name == "aws-efs-csi-driver" && aws_eks_addon.driver.resolve_conflicts_on_create == "OVERWRITE"
    error_message = "the driver is the EKS add-on"
  }

  assert {
    condition     = [for association in aws_eks_addon.driver.pod_identity_association : "${association.service_account}=${association.role_arn}"] == ["efs-csi-controller-sa=arn:aws:iam::123456789012:role/mlp-dev-efs-csi"]
    error_message = "its controller gets the role by Pod Identity"
  }

  assert {
    condition     = jsondecode(module.driver_role.trust_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == "efs-csi-controller-sa"
    error_message = "the role is for the service account that the association names"
  }

  assert {
    condition     = module.driver_role.policy_arns == ["arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"]
    error_message = "the role holds the policy that AWS documents for the driver"
  }
}

run "data_is_encrypted_at_rest_and_on_the_way" {
  assert {
    condition     = aws_efs_file_system.this.encrypted
    error_message = "the file system is encrypted"
  }

  assert {
    condition = [
      for statement in jsondecode(aws_efs_file_system_policy.this.policy).Statement :
      statement.Condition if statement.Effect == "Deny" && statement.Action == "*"
    ] == [{ Bool = { "aws:SecureTransport" = "false" } }]
    error_message = "clients without TLS are refused"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_efs_file_system_policy.this.policy).Statement :
      statement.Condition == { Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" } } if statement.Effect == "Allow"
    ])
    error_message = "clients come through a mount target"
  }
}

run "only_nodes_reach_it" {
  assert {
    condition     = aws_vpc_security_group_ingress_rule.nfs.referenced_security_group_id == "sg-cluster" && aws_vpc_security_group_ingress_rule.nfs.cidr_ipv4 == null
    error_message = "only the nodes' security group may connect"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.nfs.from_port == 2049 && aws_vpc_security_group_ingress_rule.nfs.to_port == 2049
    error_message = "only NFS is open"
  }

  assert {
    condition     = toset([for target in aws_efs_mount_target.this : target.subnet_id]) == toset(var.subnet_ids) && alltrue([for target in aws_efs_mount_target.this : target.security_groups == toset(["sg-efs"])])
    error_message = "every subnet has a mount target behind that security group"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name_prefix               = "MLP"
    cluster_name              = "mlp dev"
    partition                 = "azure"
    addon_versions            = { aws-efs-csi-driver = "1.2" }
    cluster_security_group_id = "cluster"
    vpc_id                    = "mine"
    subnet_ids                = []
    throughput_mode           = "provisioned"
  }

  expect_failures = [
    var.name_prefix,
    var.cluster_name,
    var.partition,
    var.addon_versions,
    var.cluster_security_group_id,
    var.vpc_id,
    var.subnet_ids,
    var.throughput_mode,
  ]
}
