include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

terraform {
  source = "../../../infra//{{module}}"
}

# One block for each unit that a value comes from. For order alone: dependencies { paths = ["../vpc"] }
dependency "account" {
  config_path                             = "../account"
  mock_outputs                            = include.root.locals.mocks.account
  mock_outputs_allowed_terraform_commands = include.root.locals.mocks.allowed_commands
}

inputs = {
  name_prefix = include.root.locals.name_prefix
  account_id  = dependency.account.outputs.account_id
}
