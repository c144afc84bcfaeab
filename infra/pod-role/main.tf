# The role of one Kubernetes service account, by EKS Pod Identity. The session tags that EKS sets on AssumeRole
# bind it to that account, namespace and cluster, so that an association made elsewhere in the AWS account cannot
# borrow it: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
resource "aws_iam_role" "this" {
  name        = var.name
  description = "Pod Identity: ${var.namespace}/${var.service_account} of ${var.cluster_name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EksPodIdentity"
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-name"           = var.cluster_name
          "aws:RequestTag/kubernetes-namespace"       = var.namespace
          "aws:RequestTag/kubernetes-service-account" = var.service_account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = toset(var.policy_arns)

  role       = aws_iam_role.this.name
  policy_arn = each.value
}
