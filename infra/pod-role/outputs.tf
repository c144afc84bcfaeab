output "arn" {
  description = "ARN of the role. Known only when its policies are attached, so that nothing starts with a role that may do nothing yet."
  value       = aws_iam_role.this.arn
  depends_on  = [aws_iam_role_policy_attachment.this]
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}

output "trust_policy" {
  description = "Who may assume the role (JSON)."
  value       = aws_iam_role.this.assume_role_policy
}

output "policy_arns" {
  description = "Policies of the role."
  value       = [for attachment in aws_iam_role_policy_attachment.this : attachment.policy_arn]
}
