output "version" {
  description = "Version of the installed chart."
  value       = helm_release.this.version
}

output "namespace" {
  description = "Namespace of the control plane."
  value       = helm_release.this.namespace
}
