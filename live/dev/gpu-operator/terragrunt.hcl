include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

include "helm" {
  path = find_in_parent_folders("_shared/helm.hcl")
}

terraform {
  source = "../../../infra//gpu-operator"
}

# Order alone: nothing stays on a GPU node before the FSx driver has taken its taint away.
dependencies {
  paths = ["../storage-fsx"]
}

inputs = {
  chart_repository = include.root.locals.charts.gpu-operator.repository
  chart_version    = include.root.locals.charts.gpu-operator.version
}
