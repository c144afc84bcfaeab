variable "name_prefix" {
  description = "First part of every name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name_prefix))
    error_message = "name_prefix must be 2 to 31 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "region" {
  description = "Region of the VPC; part of the S3 endpoint's service name."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must look like eu-central-1."
  }
}

variable "azs" {
  description = "Availability zones, in a stable order: the position of a zone decides its address ranges."
  type        = list(string)

  validation {
    condition     = contains([2, 3], length(var.azs)) && length(distinct(var.azs)) == length(var.azs)
    error_message = "azs must be two or three different zones."
  }
}

variable "cidr" {
  description = "Address range of the VPC. A quarter of it goes to the private subnet of each zone."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(contains(range(16, 21), tonumber(split("/", var.cidr)[1])), false)
    error_message = "cidr must be an IPv4 range between /16 and /20."
  }
}

variable "cluster_name" {
  description = "Name of the EKS cluster that finds these subnets by tag."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be a valid EKS cluster name."
  }
}

variable "nat" {
  description = "\"one\" NAT gateway for all zones (cheap; a lost zone takes the others' internet access with it) or one \"per-az\"."
  type        = string

  validation {
    condition     = contains(["one", "per-az"], var.nat)
    error_message = "nat must be \"one\" or \"per-az\"."
  }
}

variable "flow_logs_retention_days" {
  description = "Days to keep flow logs in CloudWatch; null for no flow logs."
  type        = number
  default     = null

  validation {
    condition     = var.flow_logs_retention_days == null || try(contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.flow_logs_retention_days), false)
    error_message = "flow_logs_retention_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
  }
}

variable "vpc_tags" {
  description = "Tags of the VPC itself; tags for everything belong into the provider's default_tags."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.vpc_tags) : !startswith(lower(key), "aws:") && key != "Name"])
    error_message = "vpc_tags must not set Name (made from name_prefix) or keys that start with aws:."
  }
}
