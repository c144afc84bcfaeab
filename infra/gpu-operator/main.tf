locals {
  # The chart's own default, stated: the list is replaced as a whole, and without it nothing runs on a GPU node.
  tolerations = [{ key = "nvidia.com/gpu", operator = "Exists", effect = "NoSchedule" }]
}

# Done when the operator runs. What it makes on GPU nodes comes later, or never where there is none: the step gpu-check
# follows it from node group to allocatable GPU.
resource "helm_release" "this" {
  name             = "gpu-operator"
  namespace        = "gpu-operator"
  create_namespace = true

  repository = var.chart_repository
  chart      = "gpu-operator"
  version    = var.chart_version

  atomic      = true
  wait        = true
  timeout     = 900
  max_history = 5

  values = [yamlencode({
    # The image AL2023_x86_64_NVIDIA has both; a second driver on the node fights with the first.
    driver  = { enabled = false }
    toolkit = { enabled = false }

    # The chart keeps its definitions in crds/, which Helm never upgrades; this hook does.
    operator = { upgradeCRD = true }

    daemonsets = { tolerations = local.tolerations }

    node-feature-discovery = {
      worker = { tolerations = local.tolerations }
    }

    # Needs the definitions of the Prometheus operator, which is not here.
    dcgmExporter = { serviceMonitor = { enabled = false } }
  })]
}
