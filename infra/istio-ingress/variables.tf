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
  description = "Pods of the gateway."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.replicas >= 2 && floor(var.replicas) == var.replicas
    error_message = "replicas must be a whole number, at least 2."
  }
}

variable "scheme" {
  description = "Who reaches the load balancer: internal (the VPC and what is connected to it) or internet-facing."
  type        = string
  default     = "internal"
  nullable    = false

  validation {
    condition     = contains(["internal", "internet-facing"], var.scheme)
    error_message = "scheme must be internal or internet-facing."
  }
}

variable "load_balancer_class" {
  description = "Controller that the Service is for, such as service.k8s.aws/nlb; null leaves it to the annotations. Kubernetes lets nobody change it on a Service that is there."
  type        = string
  default     = null

  validation {
    condition     = var.load_balancer_class == null || can(regex("^[a-z0-9.-]+(/[A-Za-z0-9_.-]+)?$", var.load_balancer_class))
    error_message = "load_balancer_class must be a label-style name such as service.k8s.aws/nlb."
  }
}
