locals {
  state_bucket = "arn:${local.partition}:s3:::${var.state_bucket}"

  plan_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Not AWS's ReadOnlyAccess: that one reads every object, parameter and table of the account.
        Sid    = "ReadWhatTheModulesManage"
        Effect = "Allow"
        Action = [
          "ec2:Describe*",
          "ec2:GetEbsEncryptionByDefault",
          "eks:Describe*",
          "eks:List*",
          "elasticfilesystem:Describe*",
          "elasticfilesystem:ListTagsForResource",
          "elasticloadbalancing:Describe*",
          "fsx:Describe*",
          "fsx:ListTagsForResource",
          "iam:Get*",
          "iam:List*",
          "kms:DescribeKey",
          "kms:GetKeyPolicy",
          "kms:GetKeyRotationStatus",
          "kms:ListResourceTags",
          "logs:DescribeLogGroups",
          "logs:ListTagsForResource",
          "route53:Get*",
          "route53:List*",
          "servicequotas:Get*",
          "servicequotas:List*",
          "tag:GetResources",
        ]
        Resource = "*"
      },
      {
        Sid      = "ListState"
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:GetBucketVersioning"]
        Resource = local.state_bucket
      },
      {
        Sid      = "ReadState"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.state_bucket}/${var.environment}/*"
      },
      {
        Sid      = "HoldStateLocks"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:DeleteObject"]
        Resource = "${local.state_bucket}/${var.environment}/*.tflock"
      },
    ]
  })

  # PowerUserAccess is everything but IAM; of IAM the role gets what carries this environment's name.
  apply_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadIam"
        Effect   = "Allow"
        Action   = ["iam:Get*", "iam:List*"]
        Resource = "*"
      },
      {
        Sid    = "ManageOwnRoles"
        Effect = "Allow"
        Action = [
          "iam:AttachRolePolicy",
          "iam:CreateRole",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:PassRole",
          "iam:PutRolePolicy",
          "iam:TagRole",
          "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "iam:UpdateRoleDescription",
        ]
        Resource = "arn:${local.partition}:iam::${var.account_id}:role/${var.name_prefix}-*"
      },
      {
        Sid    = "ManageGitHubTrust"
        Effect = "Allow"
        Action = [
          "iam:AddClientIDToOpenIDConnectProvider",
          "iam:CreateOpenIDConnectProvider",
          "iam:DeleteOpenIDConnectProvider",
          "iam:RemoveClientIDFromOpenIDConnectProvider",
          "iam:TagOpenIDConnectProvider",
          "iam:UntagOpenIDConnectProvider",
          "iam:UpdateOpenIDConnectProviderThumbprint",
        ]
        Resource = "arn:${local.partition}:iam::${var.account_id}:oidc-provider/${local.github_issuer}"
      },
    ]
  })
}
