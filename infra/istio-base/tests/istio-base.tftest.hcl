mock_provider "helm" {}

variables {
  chart_repository = "https://charts.example.com"
  chart_version    = "1.31.1"
}

run "exactly_this_chart" {
  assert {
    condition     = helm_release.this.repository == "https://charts.example.com" && helm_release.this.chart == "base" && helm_release.this.version == "1.31.1"
    error_message = "repository and version are the given ones"
  }

  assert {
    condition     = helm_release.this.name == "istio-base" && helm_release.this.namespace == "istio-system"
    error_message = "the release has the name and the namespace that steps and other units look for"
  }

  assert {
    condition     = output.version == "1.31.1" && output.namespace == "istio-system"
    error_message = "version and namespace are outputs"
  }
}

run "failed_upgrade_leaves_nothing_behind" {
  assert {
    condition     = helm_release.this.atomic && helm_release.this.wait
    error_message = "a failed upgrade is rolled back"
  }

  assert {
    condition     = helm_release.this.create_namespace
    error_message = "the namespace comes with the first release in it"
  }
}

run "resources_of_no_revision_are_validated" {
  assert {
    condition     = yamldecode(helm_release.this.values[0]).defaultRevision == "default"
    error_message = "the default revision's webhook is there"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    chart_repository = "oci://ghcr.io/istio"
    chart_version    = "~1.31"
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
