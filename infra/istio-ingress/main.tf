# Gateway pods that are made before istiod injects keep the image "auto" and never start
# (https://github.com/istio/istio/issues/35789); a restart heals them. Waiting here would end in a timeout, and atomic would
# then remove the very pods that a restart heals. So this release only applies; the step istio-restart waits, restarts
# where needed and proves that no pod has the image "auto".
resource "helm_release" "this" {
  name             = "istio-ingress"
  namespace        = "istio-ingress"
  create_namespace = true

  repository = var.chart_repository
  chart      = "gateway"
  version    = var.chart_version

  atomic      = false
  wait        = false
  timeout     = 300
  max_history = 5

  values = [yamlencode({
    # A fixed number: an autoscaler needs a metrics server, and nothing here brings one.
    autoscaling  = { enabled = false }
    replicaCount = var.replicas

    # Pods that never became ready must not hold up the drain of a node.
    podDisruptionBudget = {
      maxUnavailable             = 1
      unhealthyPodEvictionPolicy = "AlwaysAllow"
    }

    service = merge({
      type = "LoadBalancer"

      # "external" leaves the Service to the AWS Load Balancer Controller; without it the cloud provider in the control
      # plane would make a classic load balancer. Targets are pods, not node ports.
      annotations = {
        "service.beta.kubernetes.io/aws-load-balancer-type"            = "external"
        "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type" = "ip"
        "service.beta.kubernetes.io/aws-load-balancer-scheme"          = var.scheme
      }
    }, var.load_balancer_class == null ? {} : { loadBalancerClass = var.load_balancer_class })
  })]
}
