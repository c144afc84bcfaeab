# The chart keeps its custom resource definitions among its templates, so an upgrade reaches them; Helm never touches what
# lies in a chart's crds/ folder again. They carry helm.sh/resource-policy: keep: removing the release leaves them, and
# everybody's custom resources with them.
resource "helm_release" "this" {
  name             = "istio-base"
  namespace        = "istio-system"
  create_namespace = true

  repository = var.chart_repository
  chart      = "base"
  version    = var.chart_version

  # Without it a failed upgrade leaves fields behind, and the corrected one can fail too.
  atomic      = true
  wait        = true
  timeout     = 300
  max_history = 5

  values = [yamlencode({
    # Makes the validating webhook that answers for resources of no revision.
    defaultRevision = "default"
  })]
}
