mock_provider "helm" {}

variables {
  chart_repository = "https://charts.example.com"
  chart_version    = "1.31.1"
}

run "exactly_this_chart" {
  assert {
    condition     = helm_release.this.repository == "https://charts.example.com" && helm_release.this.chart == "gateway" && helm_release.this.version == "1.31.1"
    error_message = "repository and version are the given ones"
  }

  assert {
    condition     = helm_release.this.name == "istio-ingress" && helm_release.this.namespace == "istio-ingress"
    error_message = "the release has the name and the namespace that steps and other units look for"
  }

  assert {
    condition     = output.version == "1.31.1" && output.namespace == "istio-ingress"
    error_message = "version and namespace are outputs"
  }
}

run "pods_with_the_image_auto_are_left_for_the_restart" {
  assert {
    condition     = !helm_release.this.wait && !helm_release.this.atomic
    error_message = "a gateway that is not ready yet is not rolled back"
  }
}

run "one_pod_at_a_time" {
  assert {
    condition     = yamldecode(helm_release.this.values[0]).autoscaling.enabled == false && yamldecode(helm_release.this.values[0]).replicaCount == 2
    error_message = "two pods"
  }

  assert {
    condition     = yamldecode(helm_release.this.values[0]).podDisruptionBudget == { maxUnavailable = 1, unhealthyPodEvictionPolicy = "AlwaysAllow" }
    error_message = "a drain takes one ready pod, and any that is not"
  }
}

run "behind_an_internal_nlb" {
  assert {
    condition = yamldecode(helm_release.this.values[0]).service == {
      type = "LoadBalancer"
      annotations = {
        "service.beta.kubernetes.io/aws-load-balancer-type"            = "external"
        "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type" = "ip"
        "service.beta.kubernetes.io/aws-load-balancer-scheme"          = "internal"
      }
    }
    error_message = "nobody outside reaches it unless asked, and no class is claimed"
  }

  assert {
    condition     = output.name == "istio-ingress" && output.selector == { istio = "ingress" }
    error_message = "Istio Gateways select it by istio: ingress"
  }
}

run "public_with_a_class" {
  variables {
    scheme              = "internet-facing"
    load_balancer_class = "service.k8s.aws/nlb"
    replicas            = 3
  }

  assert {
    condition     = yamldecode(helm_release.this.values[0]).service.annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"] == "internet-facing" && yamldecode(helm_release.this.values[0]).service.loadBalancerClass == "service.k8s.aws/nlb" && yamldecode(helm_release.this.values[0]).replicaCount == 3
    error_message = "scheme, class and size are the asked ones"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    chart_repository    = "charts"
    chart_version       = ">= 1.31.0"
    replicas            = 2.5
    scheme              = "public"
    load_balancer_class = "no class"
  }

  expect_failures = [var.chart_repository, var.chart_version, var.replicas, var.scheme, var.load_balancer_class]
}

run "plain_http_is_refused" {
  command = plan

  variables {
    chart_repository = "http://127.0.0.1:80@charts.example.com"
  }

  expect_failures = [var.chart_repository]
}

run "plain_http_does_on_loopback" {
  command = plan

  variables {
    chart_repository = "http://127.0.0.1:4566/charts"
  }
}
