output "file_system_id" {
  description = "Id of the file system, for the PersistentVolume. Known when clients may reach it."
  value       = aws_fsx_lustre_file_system.this.id
  depends_on  = [aws_vpc_security_group_ingress_rule.lustre, aws_vpc_security_group_egress_rule.lustre]
}

output "dns_name" {
  description = "DNS name that clients mount."
  value       = aws_fsx_lustre_file_system.this.dns_name
}

output "mount_name" {
  description = "Mount name of the file system."
  value       = aws_fsx_lustre_file_system.this.mount_name
}

output "security_group_id" {
  description = "Security group of the file system."
  value       = aws_security_group.lustre.id
}

output "driver_role_arn" {
  description = "Pod Identity role of the driver's controller."
  value       = module.driver_role.arn
}

output "driver_version" {
  description = "Installed version of the add-on aws-fsx-csi-driver."
  value       = aws_eks_addon.driver.addon_version
}
