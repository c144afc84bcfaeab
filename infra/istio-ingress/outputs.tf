output "version" {
  description = "Version of the installed chart."
  value       = helm_release.this.version
}

output "namespace" {
  description = "Namespace of the gateway; certificates of its hosts belong there."
  value       = helm_release.this.namespace
}

output "name" {
  description = "Name of the gateway's Deployment, Service and ServiceAccount."
  value       = helm_release.this.name
}

output "selector" {
  description = "Labels of the gateway's pods, for the selector of an Istio Gateway."
  value       = { istio = trimprefix(helm_release.this.name, "istio-") }
}
