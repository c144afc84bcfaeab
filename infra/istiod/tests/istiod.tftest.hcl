mock_provider "helm" {}

variables {
  chart_repository = "https://charts.example.com"
  chart_version    = "1.31.1"
}

run "exactly_this_chart" {
  assert {
    condition     = helm_release.this.repository == "https://charts.example.com" && helm_release.this.chart == "istiod" && helm_release.this.version == "1.31.1"
    error_message = "repository and version are the given ones"
  }

  assert {
    condition     = helm_release.this.name == "istiod" && helm_release.this.namespace == "istio-system"
    error_message = "the release has the name and the namespace that steps and other units look for"
  }

  assert {
    condition     = output.version == "1.31.1" && output.namespace == "istio-system"
    error_message = "version and namespace are outputs"
  }
}

run "failed_upgrade_leaves_nothing_behind" {
  assert {
    condition     = helm_release.this.atomic && helm_release.this.wait && helm_release.this.timeout >= 600
    error_message = "the control plane is waited for, long enough for new nodes, and rolled back when it does not come"
  }
}

run "nodes_can_be_drained" {
  assert {
    condition     = yamldecode(helm_release.this.values[0]).autoscaleEnabled == false && yamldecode(helm_release.this.values[0]).replicaCount == 2
    error_message = "two pods, and no autoscaler that would make it one"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    chart_repository = "charts"
    chart_version    = "1.31"
    replicas         = 1
  }

  expect_failures = [var.chart_repository, var.chart_version, var.replicas]
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
