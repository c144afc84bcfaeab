locals {
  github_issuer = "token.actions.githubusercontent.com"

  # A subject names the repository in one of two forms. GitHub issues the second one, with the ids that survive
  # a rename and cannot be taken over, for new and renamed repositories; older repositories still send the first:
  # https://docs.github.com/en/actions/reference/security/oidc
  repository_owner = split("/", var.github.repository)[0]
  repository_name  = split("/", var.github.repository)[1]
  repository_forms = [
    "repo:${var.github.repository}",
    "repo:${local.repository_owner}@${var.github.owner_id}/${local.repository_name}@${var.github.repository_id}",
  ]

  # Pull requests and the default branch (drift runs there) may look; only a job that has entered the GitHub
  # environment of the same name, and so passed its reviewers, may change anything.
  subjects = {
    plan  = ["pull_request", "ref:refs/heads/${var.github.default_branch}"]
    apply = ["environment:${var.environment}"]
  }

  trust = {
    for role, subjects in local.subjects : role => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "GitHubActions"
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
        Condition = {
          StringEquals = {
            "${local.github_issuer}:aud" = "sts.amazonaws.com"
            "${local.github_issuer}:sub" = [for pair in setproduct(local.repository_forms, subjects) : join(":", pair)]
          }
        }
      }]
    })
  }
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://${local.github_issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "plan" {
  name               = "${var.name_prefix}-plan"
  description        = "GitHub Actions: reads what a plan reads, changes nothing but its own state locks"
  assume_role_policy = local.trust.plan
}

resource "aws_iam_role_policy" "plan" {
  name   = "read"
  role   = aws_iam_role.plan.id
  policy = local.plan_policy
}

resource "aws_iam_role" "apply" {
  name               = "${var.name_prefix}-apply"
  description        = "GitHub Actions: applies the environment ${var.environment}"
  assume_role_policy = local.trust.apply

  # A first apply with an EKS cluster and its node groups outlives the default hour.
  max_session_duration = 14400
}

resource "aws_iam_role_policy_attachment" "apply" {
  role       = aws_iam_role.apply.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_role_policy" "apply" {
  name   = "iam"
  role   = aws_iam_role.apply.id
  policy = local.apply_policy
}
