# The namespace is there: istio-base made it. The chart signs nothing: istiod writes the certificate authority into its
# webhooks when it serves them, which is later than Ready (https://github.com/istio/istio/issues/61049). So this release is
# done before the mesh is; the steps after the unit wait for the rest.
resource "helm_release" "this" {
  name             = "istiod"
  namespace        = "istio-system"
  create_namespace = false

  repository = var.chart_repository
  chart      = "istiod"
  version    = var.chart_version

  atomic      = true
  wait        = true
  timeout     = 600
  max_history = 5

  values = [yamlencode({
    # A fixed number: an autoscaler needs a metrics server, and nothing here brings one.
    autoscaleEnabled = false
    replicaCount     = var.replicas
  })]
}
