output "account_id" {
  description = "The account, as seen by the caller."
  value       = data.aws_caller_identity.current.account_id
}

output "partition" {
  description = "aws, aws-cn or aws-us-gov."
  value       = local.partition
}

output "name_prefix" {
  description = "First part of every name."
  value       = var.name_prefix
}

output "azs" {
  description = "The availability zones that the environment uses, in a stable order."
  value       = slice(sort(data.aws_availability_zones.available.names), 0, var.az_count)
}

output "zone_id" {
  description = "Id of the Route 53 zone, or null."
  value       = one(aws_route53_zone.this[*].zone_id)
}

output "zone_name" {
  description = "Name of the Route 53 zone, or null."
  value       = var.zone_name
}

output "zone_name_servers" {
  description = "Name servers to delegate the zone to; empty without a zone."
  value       = flatten(aws_route53_zone.this[*].name_servers)
}

output "plan_role_arn" {
  description = "Role for plan and drift jobs."
  value       = aws_iam_role.plan.arn
}

output "apply_role_arn" {
  description = "Role for apply jobs."
  value       = aws_iam_role.apply.arn
}

output "github_oidc_provider_arn" {
  description = "The OIDC provider of GitHub Actions."
  value       = aws_iam_openid_connect_provider.github.arn
}
