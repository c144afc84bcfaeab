mock_provider "helm" {}

variables {
  chart_repository = "https://charts.example.com"
  chart_version    = "v26.7.1"
}

run "exactly_this_chart" {
  assert {
    condition     = helm_release.this.repository == "https://charts.example.com" && helm_release.this.chart == "gpu-operator" && helm_release.this.version == "v26.7.1"
    error_message = "repository and version are the given ones"
  }

  assert {
    condition     = helm_release.this.name == "gpu-operator" && helm_release.this.namespace == "gpu-operator"
    error_message = "the release has the name and the namespace that steps and other units look for"
  }

  assert {
    condition     = output.version == "v26.7.1" && output.namespace == "gpu-operator"
    error_message = "version and namespace are outputs"
  }
}

run "failed_upgrade_leaves_nothing_behind" {
  assert {
    condition     = helm_release.this.atomic && helm_release.this.wait && helm_release.this.timeout >= 900
    error_message = "the operator is waited for, long enough for its images, and rolled back when it does not come"
  }
}

run "image_brings_driver_and_toolkit" {
  assert {
    condition     = yamldecode(helm_release.this.values[0]).driver == { enabled = false } && yamldecode(helm_release.this.values[0]).toolkit == { enabled = false }
    error_message = "no second driver and no second toolkit"
  }
}

run "everything_runs_on_tainted_nodes" {
  assert {
    condition = alltrue([
      for tolerations in [
        yamldecode(helm_release.this.values[0]).daemonsets.tolerations,
        yamldecode(helm_release.this.values[0]).node-feature-discovery.worker.tolerations,
      ] : tolerations == [{ key = "nvidia.com/gpu", operator = "Exists", effect = "NoSchedule" }]
    ])
    error_message = "operands and feature discovery tolerate the taint of GPU nodes"
  }
}

run "definitions_are_upgraded" {
  assert {
    condition     = yamldecode(helm_release.this.values[0]).operator.upgradeCRD
    error_message = "Helm would leave the definitions as they were installed first"
  }
}

run "no_object_of_an_absent_operator" {
  assert {
    condition     = yamldecode(helm_release.this.values[0]).dcgmExporter.serviceMonitor.enabled == false
    error_message = "there is no ServiceMonitor here"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    chart_repository = "charts"
    chart_version    = "26"
  }

  expect_failures = [var.chart_repository, var.chart_version]
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
