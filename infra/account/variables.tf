variable "name_prefix" {
  description = "First part of every name; the apply role may manage IAM roles that carry it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name_prefix))
    error_message = "name_prefix must be 2 to 31 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "environment" {
  description = "Name of the environment: first folder of its state keys, and the GitHub environment whose jobs may apply."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,15}$", var.environment))
    error_message = "environment must be 2 to 16 lower-case letters, digits or hyphens and start with a letter."
  }
}

variable "account_id" {
  description = "AWS account that the environment belongs to; any other caller is refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits (quote it in YAML)."
  }
}

variable "az_count" {
  description = "How many availability zones the environment uses."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = contains([2, 3], var.az_count)
    error_message = "az_count must be 2 or 3: EKS needs two zones, and the subnet layout has room for three."
  }
}

variable "state_bucket" {
  description = "Bucket that holds the environment's state; the plan role may read it and hold locks in it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be a valid S3 bucket name."
  }
}

variable "zone_name" {
  description = "DNS zone to create, e.g. dev.example.com; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.zone_name == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.zone_name))
    error_message = "zone_name must be a domain name without a trailing dot."
  }
}

variable "github" {
  description = "Repository whose workflows may assume the roles. The ids are those of GitHub's API (GET /repos/OWNER/REPO: owner.id and id)."
  type = object({
    repository     = string
    owner_id       = number
    repository_id  = number
    default_branch = optional(string, "main")
  })

  # A wildcard here would be harmless under StringEquals, but it would also never match: say so early.
  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github.repository))
    error_message = "github.repository must be owner/name, without wildcards."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.github.default_branch))
    error_message = "github.default_branch must be a plain branch name, without wildcards."
  }

  validation {
    condition     = alltrue([for id in [var.github.owner_id, var.github.repository_id] : id > 0 && floor(id) == id])
    error_message = "github.owner_id and github.repository_id must be positive whole numbers."
  }
}
