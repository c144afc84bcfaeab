output "cluster_name" {
  description = "Name of the cluster. Known when nodes and add-ons are there, so that dependents start on a cluster that can run pods."
  value       = aws_eks_cluster.this.name
  depends_on  = [aws_eks_addon.after_nodes]
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_eks_cluster.this.arn
}

output "cluster_endpoint" {
  description = "URL of the API server."
  value       = aws_eks_cluster.this.endpoint
}

output "cluster_certificate_authority" {
  description = "Certificate authority of the API server, PEM in base64."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "cluster_version" {
  description = "Kubernetes version of the control plane."
  value       = aws_eks_cluster.this.version
}

output "cluster_security_group_id" {
  description = "Security group of control plane and nodes."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "secrets_key_arn" {
  description = "KMS key of the Kubernetes secrets."
  value       = aws_kms_key.secrets.arn
}

output "node_groups" {
  description = "Expected nodes and GPUs of each node group."
  value = {
    for name, group in local.node_groups : name => {
      desired_size  = group.desired_size
      gpus_per_node = group.gpus_per_node
      expected_gpus = group.desired_size * group.gpus_per_node
    }
  }
}

output "expected_nodes" {
  description = "Nodes of all groups together."
  value       = sum([for group in local.node_groups : group.desired_size])
}

output "expected_gpus" {
  description = "GPUs of all groups together; 0 when the GPU groups are scaled to zero."
  value       = sum([for group in local.node_groups : group.desired_size * group.gpus_per_node])
}
