output "cluster_role_arn" {
  description = "Role of the control plane."
  value       = aws_iam_role.cluster.arn
  depends_on  = [aws_iam_role_policy_attachment.cluster]
}

output "node_role_arn" {
  description = "Role of the worker nodes."
  value       = aws_iam_role.node.arn
  depends_on  = [aws_iam_role_policy_attachment.node]
}

output "vpc_cni_role_arn" {
  description = "Pod Identity role of the VPC CNI (kube-system/aws-node)."
  value       = module.vpc_cni_role.arn
}
