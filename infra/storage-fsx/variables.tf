variable "name_prefix" {
  description = "First part of every name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name_prefix))
    error_message = "name_prefix must be 2 to 31 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "cluster_name" {
  description = "EKS cluster that gets the driver."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be a valid EKS cluster name."
  }
}

variable "partition" {
  description = "AWS partition of the managed policies."
  type        = string
  default     = "aws"

  validation {
    condition     = can(regex("^aws(-[a-z]+)*$", var.partition))
    error_message = "partition must be aws, aws-cn or aws-us-gov."
  }
}

variable "addon_versions" {
  description = "Exact versions of add-ons. One that is not named gets AWS's default for the cluster's version when it is made, and keeps it."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for version in values(var.addon_versions) : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "addon_versions must be full versions such as v1.20.4-eksbuild.1."
  }
}

variable "cluster_security_group_id" {
  description = "Security group of the nodes, the only one that may reach the file system."
  type        = string

  validation {
    condition     = startswith(var.cluster_security_group_id, "sg-")
    error_message = "cluster_security_group_id must be a security group id."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be a VPC id."
  }
}

variable "subnet_id" {
  description = "Private subnet of the file system; Lustre lives in one zone, its clients are cheapest and fastest there."
  type        = string

  validation {
    condition     = startswith(var.subnet_id, "subnet-")
    error_message = "subnet_id must be a subnet id."
  }
}

variable "deployment_type" {
  description = "SCRATCH_2 (not replicated: data that can be fetched again) or PERSISTENT_2 (replicated within its zone)."
  type        = string

  validation {
    condition     = contains(["SCRATCH_2", "PERSISTENT_2"], var.deployment_type)
    error_message = "deployment_type must be SCRATCH_2 or PERSISTENT_2."
  }
}

variable "storage_gib" {
  description = "Size: 1200 or a multiple of 2400 GiB. It can grow, never shrink."
  type        = number

  validation {
    condition     = var.storage_gib == 1200 || (var.storage_gib >= 2400 && var.storage_gib % 2400 == 0)
    error_message = "storage_gib must be 1200 or a multiple of 2400."
  }
}

variable "throughput_per_tib" {
  description = "MB/s per TiB of a PERSISTENT_2 file system: 125, 250, 500 or 1000; null for SCRATCH_2, which has a fixed one."
  type        = number
  default     = null

  validation {
    condition     = var.throughput_per_tib == null || try(contains([125, 250, 500, 1000], var.throughput_per_tib), false)
    error_message = "throughput_per_tib must be 125, 250, 500 or 1000."
  }
}
