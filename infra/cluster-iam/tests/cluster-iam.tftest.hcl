mock_provider "aws" {}

variables {
  name_prefix  = "mlp-dev"
  cluster_name = "mlp-dev"
}

run "trust_is_exact" {
  assert {
    condition = jsondecode(aws_iam_role.cluster.assume_role_policy).Statement == [{
      Sid       = "EksControlPlane"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "eks.amazonaws.com" }
    }]
    error_message = "the cluster role trusts EKS only"
  }

  assert {
    condition = jsondecode(aws_iam_role.node.assume_role_policy).Statement == [{
      Sid       = "Ec2"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
    error_message = "the node role trusts EC2 only"
  }
}

run "policies_are_the_documented_ones" {
  assert {
    condition     = aws_iam_role_policy_attachment.cluster.policy_arn == "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
    error_message = "the control plane has its managed policy"
  }

  assert {
    condition = toset([for attachment in aws_iam_role_policy_attachment.node : attachment.policy_arn]) == toset([
      "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ])
    error_message = "nodes join and pull images, no more: the CNI has its own role"
  }
}

run "other_partitions" {
  variables {
    partition = "aws-us-gov"
  }

  assert {
    condition     = aws_iam_role_policy_attachment.cluster.policy_arn == "arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy"
    error_message = "managed policies are looked up in the partition"
  }
}

run "cni_role_is_for_aws_node" {
  assert {
    condition = jsondecode(module.vpc_cni_role.trust_policy).Statement == [{
      Sid       = "EksPodIdentity"
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-name"           = "mlp-dev"
          "aws:RequestTag/kubernetes-namespace"       = "kube-system"
          "aws:RequestTag/kubernetes-service-account" = "aws-node"
        }
      }
    }]
    error_message = "Pod Identity may give the role to kube-system/aws-node of this cluster only"
  }

  assert {
    condition     = module.vpc_cni_role.policy_arns == ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"]
    error_message = "the CNI's role holds the CNI policy"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name_prefix  = "MLP"
    cluster_name = "mlp dev"
    partition    = "azure"
  }

  expect_failures = [
    var.name_prefix,
    var.cluster_name,
    var.partition,
  ]
}
