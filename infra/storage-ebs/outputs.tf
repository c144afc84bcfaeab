output "driver_role_arn" {
  description = "Pod Identity role of the driver's controller."
  value       = module.driver_role.arn
}

output "driver_version" {
  description = "Installed version of the add-on aws-ebs-csi-driver."
  value       = aws_eks_addon.driver.addon_version
}

output "snapshot_controller_version" {
  description = "Installed version of the add-on snapshot-controller."
  value       = aws_eks_addon.snapshot_controller.addon_version
}
