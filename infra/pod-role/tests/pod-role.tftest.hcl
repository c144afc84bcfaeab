mock_provider "aws" {}

variables {
  name            = "mlp-dev-ebs-csi"
  cluster_name    = "mlp-dev"
  service_account = "ebs-csi-controller-sa"
  policy_arns     = ["arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"]
}

run "trust_is_one_service_account" {
  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "EksPodIdentity"
        Effect    = "Allow"
        Action    = ["sts:AssumeRole", "sts:TagSession"]
        Principal = { Service = "pods.eks.amazonaws.com" }
        Condition = {
          StringEquals = {
            "aws:RequestTag/eks-cluster-name"           = "mlp-dev"
            "aws:RequestTag/kubernetes-namespace"       = "kube-system"
            "aws:RequestTag/kubernetes-service-account" = "ebs-csi-controller-sa"
          }
        }
      }]
    }
    error_message = "the role trusts EKS Pod Identity for one service account of one cluster"
  }

  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.this : attachment.policy_arn]) == toset(var.policy_arns)
    error_message = "the role holds the given policies"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name            = "no spaces"
    cluster_name    = "*"
    namespace       = "*"
    service_account = "ebs-*"
    policy_arns     = []
  }

  expect_failures = [
    var.name,
    var.cluster_name,
    var.namespace,
    var.service_account,
    var.policy_arns,
  ]
}
