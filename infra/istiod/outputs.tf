output "version" {
  description = "Version of the installed chart; the control plane's, and what proxies are compared with."
  value       = helm_release.this.version
}

output "namespace" {
  description = "Namespace of the control plane."
  value       = helm_release.this.namespace
}
