mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mlp-dev-ebs-csi" }
  }
}

variables {
  name_prefix  = "mlp-dev"
  cluster_name = "mlp-dev"
}

run "driver_has_its_own_role" {
  assert {
    condition     = aws_eks_addon.driver.addon_name == "aws-ebs-csi-driver" && aws_eks_addon.driver.resolve_conflicts_on_create == "OVERWRITE"
    error_message = "the driver is the EKS add-on"
  }

  assert {
    condition     = [for association in aws_eks_addon.driver.pod_identity_association : "${association.service_account}=${association.role_arn}"] == ["ebs-csi-controller-sa=arn:aws:iam::123456789012:role/mlp-dev-ebs-csi"]
    error_message = "its controller gets the role by Pod Identity"
  }

  assert {
    condition     = jsondecode(module.driver_role.trust_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == "ebs-csi-controller-sa"
    error_message = "the role is for the service account that the association names"
  }

  assert {
    condition     = module.driver_role.policy_arns == ["arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"]
    error_message = "the role holds the policy that AWS documents for the driver"
  }
}

run "default_class" {
  assert {
    condition     = jsondecode(aws_eks_addon.driver.configuration_values) == { defaultStorageClass = { enabled = true } }
    error_message = "the driver makes the one default storage class"
  }
}

run "snapshots" {
  variables {
    addon_versions = { snapshot-controller = "v8.3.0-eksbuild.1" }
  }

  assert {
    condition     = aws_eks_addon.snapshot_controller.addon_name == "snapshot-controller" && aws_eks_addon.snapshot_controller.addon_version == "v8.3.0-eksbuild.1"
    error_message = "the snapshot controller is installed, in the pinned version"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name_prefix    = "MLP"
    cluster_name   = "mlp dev"
    partition      = "azure"
    addon_versions = { aws-ebs-csi-driver = "1.2" }
  }

  expect_failures = [
    var.name_prefix,
    var.cluster_name,
    var.partition,
    var.addon_versions,
  ]
}
