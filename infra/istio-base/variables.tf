variable "chart_repository" {
  description = "URL of the repository that the chart comes from."
  type        = string

  validation {
    condition     = can(regex("^https?://", var.chart_repository))
    error_message = "chart_repository must be an http or https URL."
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
