mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1c", "eu-central-1a", "eu-central-1d", "eu-central-1b"] }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
}

variables {
  name_prefix  = "mlp-dev"
  environment  = "dev"
  account_id   = "123456789012"
  state_bucket = "mlp-dev-state"
  github = {
    repository    = "acme/ml-platform"
    owner_id      = 101
    repository_id = 2002
  }
}

run "zones_are_stable" {
  assert {
    condition     = output.azs == tolist(["eu-central-1a", "eu-central-1b", "eu-central-1c"])
    error_message = "the zones are sorted before three are taken, whatever order AWS answers in"
  }

  assert {
    condition     = length(aws_route53_zone.this) == 0 && output.zone_id == null && length(output.zone_name_servers) == 0
    error_message = "no zone is made unless one is asked for"
  }

  assert {
    condition     = aws_ebs_encryption_by_default.this.enabled
    error_message = "volumes are encrypted by default"
  }
}

run "zone_on_request" {
  variables {
    zone_name = "dev.example.com"
  }

  assert {
    condition     = aws_route53_zone.this[0].name == "dev.example.com"
    error_message = "the zone carries the asked name"
  }
}

run "trust_is_exact" {
  assert {
    condition = jsondecode(aws_iam_role.plan.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "GitHubActions"
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
        Condition = {
          StringEquals = {
            "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
            "token.actions.githubusercontent.com:sub" = [
              "repo:acme/ml-platform:pull_request",
              "repo:acme/ml-platform:ref:refs/heads/main",
              "repo:acme@101/ml-platform@2002:pull_request",
              "repo:acme@101/ml-platform@2002:ref:refs/heads/main",
            ]
          }
        }
      }]
    }
    error_message = "the plan role trusts pull requests and the default branch of one repository, in both forms of the subject, and nothing else"
  }

  assert {
    condition = jsondecode(aws_iam_role.apply.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "GitHubActions"
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
        Condition = {
          StringEquals = {
            "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
            "token.actions.githubusercontent.com:sub" = [
              "repo:acme/ml-platform:environment:dev",
              "repo:acme@101/ml-platform@2002:environment:dev",
            ]
          }
        }
      }]
    }
    error_message = "the apply role trusts jobs of the GitHub environment only, in both forms of the subject"
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github.client_id_list == toset(["sts.amazonaws.com"])
    error_message = "the only audience is STS"
  }
}

run "plan_role_reads" {
  assert {
    condition = alltrue([
      for action in flatten([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : statement.Action]) :
      can(regex("^[a-z0-9]+:(Describe|Get|List)", action)) || contains(["s3:PutObject", "s3:DeleteObject"], action)
    ])
    error_message = "beside lock objects the plan role only describes, gets and lists"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement :
      statement.Resource == "arn:aws:s3:::mlp-dev-state/dev/*.tflock" if anytrue([for action in flatten([statement.Action]) : can(regex("^s3:(Put|Delete)", action))])
    ])
    error_message = "the plan role writes lock objects of its own environment only"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement :
      startswith(statement.Resource, "arn:aws:s3:::mlp-dev-state") if anytrue([for action in flatten([statement.Action]) : startswith(action, "s3:")])
    ])
    error_message = "the plan role sees no bucket but the state bucket"
  }
}

run "apply_role_touches_own_roles_only" {
  assert {
    condition     = aws_iam_role.apply.name == "mlp-dev-apply" && contains([for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement : statement.Resource], "arn:aws:iam::123456789012:role/mlp-dev-*")
    error_message = "roles carry the prefix that the apply role's policy names"
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.apply.policy_arn, ":policy/PowerUserAccess")
    error_message = "the apply role has everything but IAM from AWS's policy"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.apply.policy).Statement :
      statement.Resource != "*" || alltrue([for action in statement.Action : can(regex("^iam:(Get|List)", action))])
    ])
    error_message = "IAM changes are limited to roles with the environment's prefix and to GitHub's provider"
  }
}

run "wrong_account_is_refused" {
  command = plan

  variables {
    account_id = "210987654321"
  }

  expect_failures = [data.aws_caller_identity.current]
}

run "too_few_zones_are_refused" {
  command = plan

  override_data {
    target = data.aws_availability_zones.available
    values = { names = ["eu-central-1a", "eu-central-1b"] }
  }

  expect_failures = [data.aws_availability_zones.available]
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name_prefix  = "ML"
    environment  = "d"
    az_count     = 1
    state_bucket = "No"
    zone_name    = "dev.example.com."
  }

  expect_failures = [
    var.name_prefix,
    var.environment,
    var.az_count,
    var.state_bucket,
    var.zone_name,
  ]
}

run "repository_without_wildcards" {
  command = plan

  variables {
    github = {
      repository    = "acme/*"
      owner_id      = 101
      repository_id = 2002
    }
  }

  expect_failures = [var.github]
}

run "branch_without_wildcards" {
  command = plan

  variables {
    github = {
      repository     = "acme/ml-platform"
      owner_id       = 101
      repository_id  = 2002
      default_branch = "release/*"
    }
  }

  expect_failures = [var.github]
}

run "ids_are_ids" {
  command = plan

  variables {
    github = {
      repository    = "acme/ml-platform"
      owner_id      = 0
      repository_id = 2002
    }
  }

  expect_failures = [var.github]
}
