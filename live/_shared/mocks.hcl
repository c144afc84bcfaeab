# What a unit is planned with while a unit that it depends on was never applied. Only for commands that change
# nothing; why destroy is not among them: docs/decisions/0010-modules-and-live-tree.md.
#
# Values have the shape of real ones, so that plans and validations get through, and say "mock" wherever their shape
# allows it.

locals {
  # The CLI sets PLATFORM_MOCKS=refuse for plans that must be exact. The list is then not empty but names no command:
  # for Terragrunt an empty one allows mocks everywhere, apply included.
  allowed_commands = get_env("PLATFORM_MOCKS", "") == "refuse" ? ["platform-refuses-mocks"] : [
    "init",
    "output",
    "plan",
    "providers",
    "show",
    "state",
    "validate",
  ]

  account = {
    account_id               = "000000000000"
    partition                = "aws"
    name_prefix              = "mock"
    azs                      = ["mock-1a", "mock-1b", "mock-1c"]
    zone_name_servers        = []
    plan_role_arn            = "arn:aws:iam::000000000000:role/mock-plan"
    apply_role_arn           = "arn:aws:iam::000000000000:role/mock-apply"
    github_oidc_provider_arn = "arn:aws:iam::000000000000:oidc-provider/mock"
  }

  vpc = {
    vpc_id             = "vpc-mock"
    cidr               = "192.0.2.0/24"
    private_subnet_ids = ["subnet-mock-private-a", "subnet-mock-private-b", "subnet-mock-private-c"]
    public_subnet_ids  = ["subnet-mock-public-a", "subnet-mock-public-b", "subnet-mock-public-c"]
    nat_gateway_ids    = { mock-1a = "nat-mock" }
    nat_public_ips     = ["192.0.2.1"]
  }

  cluster_iam = {
    cluster_role_arn = "arn:aws:iam::000000000000:role/mock-cluster"
    node_role_arn    = "arn:aws:iam::000000000000:role/mock-node"
    vpc_cni_role_arn = "arn:aws:iam::000000000000:role/mock-vpc-cni"
  }

  eks = {
    cluster_name                  = "mock"
    cluster_arn                   = "arn:aws:eks:eu-central-1:000000000000:cluster/mock"
    cluster_endpoint              = "https://mock.invalid"
    cluster_certificate_authority = "bW9jaw=="
    cluster_version               = "1.0"
    cluster_security_group_id     = "sg-mock"
    secrets_key_arn               = "arn:aws:kms:eu-central-1:000000000000:key/mock"
    node_groups                   = {}
    expected_nodes                = 0
    expected_gpus                 = 0
  }
}
