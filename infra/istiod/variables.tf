variable "chart_repository" {
  description = "URL of the repository that the chart comes from."
  type        = string

  validation {
    condition     = can(regex("^(https://|http://127\\.0\\.0\\.1(:[0-9]+)?(/|$))", var.chart_repository))
    error_message = "chart_repository must be an https URL, or an http one on 127.0.0.1."
  }
}

variable "chart_version" {
  description = "Version of the chart, exactly one: a range would change plans by itself."
  type        = string

  validation {
    condition     = can(regex("^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$", var.chart_version))
    error_message = "chart_version must be a full version such as 1.31.1."
  }
}

variable "replicas" {
  description = "Pods of the control plane. Two at least: its disruption budget keeps one, and a node with the only one cannot be drained."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.replicas >= 2 && floor(var.replicas) == var.replicas
    error_message = "replicas must be a whole number, at least 2."
  }
}
