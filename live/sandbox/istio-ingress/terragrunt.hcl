include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}

include "helm" {
  path = find_in_parent_folders("_shared/helm.hcl")
}

terraform {
  source = "../../../infra//istio-ingress"
}

# Order alone: its pods get their image from istiod's injector.
dependencies {
  paths = ["../istiod"]
}

inputs = {
  chart_repository = include.root.locals.charts.istio.repository
  chart_version    = include.root.locals.charts.istio.version
  scheme           = try(include.root.locals.env.ingress.scheme, null)
}
