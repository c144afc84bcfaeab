output "file_system_id" {
  description = "Id of the file system, for the StorageClass. Known when it can be mounted."
  value       = aws_efs_file_system.this.id
  depends_on  = [aws_efs_mount_target.this, aws_vpc_security_group_ingress_rule.nfs]
}

output "security_group_id" {
  description = "Security group of the mount targets."
  value       = aws_security_group.efs.id
}

output "driver_role_arn" {
  description = "Pod Identity role of the driver's controller."
  value       = module.driver_role.arn
}

output "driver_version" {
  description = "Installed version of the add-on aws-efs-csi-driver."
  value       = aws_eks_addon.driver.addon_version
}
