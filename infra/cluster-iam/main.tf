locals {
  managed_policy = "arn:${var.partition}:iam::aws:policy"
}

resource "aws_iam_role" "cluster" {
  name        = "${var.name_prefix}-cluster"
  description = "Control plane of ${var.cluster_name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EksControlPlane"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "eks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "${local.managed_policy}/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "node" {
  name        = "${var.name_prefix}-node"
  description = "Worker nodes of ${var.cluster_name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Ec2"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

# No AmazonEKS_CNI_Policy here: the CNI has its own role below, so that other pods of a node do not inherit it.
# The worker policy holds eks-auth:AssumeRoleForPodIdentity, which the Pod Identity agent needs.
resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
  ])

  role       = aws_iam_role.node.name
  policy_arn = "${local.managed_policy}/${each.value}"
}

# Here and not in the unit eks: there the role would need the cluster and the cluster's add-on the role.
module "vpc_cni_role" {
  source = "../pod-role"

  name            = "${var.name_prefix}-vpc-cni"
  cluster_name    = var.cluster_name
  service_account = "aws-node"
  policy_arns     = ["${local.managed_policy}/AmazonEKS_CNI_Policy"]
}
