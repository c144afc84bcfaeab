variable "cluster_name" {
  description = "Name of the cluster."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be 1 to 100 letters, digits or hyphens and start with a letter or digit."
  }
}

variable "cluster_version" {
  description = "Kubernetes version of control plane and nodes, e.g. \"1.36\"."
  type        = string

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.cluster_version))
    error_message = "cluster_version must be a minor version such as \"1.36\" (quote it in YAML)."
  }
}

variable "protected" {
  description = "Whether the environment is protected: no open API endpoint, longest key deletion window."
  type        = bool
}

variable "cluster_role_arn" {
  description = "Role of the control plane."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/", var.cluster_role_arn))
    error_message = "cluster_role_arn must be the ARN of an IAM role."
  }
}

variable "node_role_arn" {
  description = "Role of the worker nodes."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/", var.node_role_arn))
    error_message = "node_role_arn must be the ARN of an IAM role."
  }
}

variable "vpc_cni_role_arn" {
  description = "Pod Identity role of the VPC CNI."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/", var.vpc_cni_role_arn))
    error_message = "vpc_cni_role_arn must be the ARN of an IAM role."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the control plane's interfaces and of the nodes, in at least two zones."
  type        = list(string)

  validation {
    condition     = length(distinct(var.subnet_ids)) >= 2 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "subnet_ids must be at least two different subnet ids."
  }
}

variable "endpoint_public_cidrs" {
  description = "Ranges that may reach the API endpoint from outside of the VPC; empty for a private endpoint only."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.endpoint_public_cidrs : can(cidrhost(cidr, 0))])
    error_message = "endpoint_public_cidrs must be ranges such as 203.0.113.0/24."
  }
}

variable "log_retention_days" {
  description = "Days to keep the control plane's logs."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days must be a retention that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731."
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

variable "access" {
  description = "Who may enter the cluster: an IAM principal, one EKS access policy, its namespaces (none: the whole cluster) and Kubernetes groups."
  type = map(object({
    principal_arn = string
    policy        = string
    namespaces    = optional(list(string), [])
    groups        = optional(list(string), [])
  }))

  validation {
    condition     = alltrue([for entry in var.access : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/", entry.principal_arn))])
    error_message = "access: principal_arn must be the ARN of an IAM role or user."
  }

  validation {
    condition     = alltrue([for entry in var.access : can(regex("^AmazonEKS[A-Za-z]+Policy$", entry.policy))])
    error_message = "access: policy must be the name of an EKS access policy such as AmazonEKSViewPolicy."
  }

  validation {
    condition     = length(distinct([for entry in var.access : entry.principal_arn])) == length(var.access)
    error_message = "access: a principal can have one entry only."
  }

  validation {
    condition     = alltrue([for entry in var.access : alltrue([for group in entry.groups : !startswith(group, "system:")])])
    error_message = "access: groups must not start with system: (EKS refuses them); use an access policy."
  }

  validation {
    condition     = anytrue([for entry in var.access : entry.policy == "AmazonEKSClusterAdminPolicy" && length(entry.namespaces) == 0])
    error_message = "access: at least one principal needs AmazonEKSClusterAdminPolicy, or nobody can administer the cluster."
  }
}

variable "node_groups" {
  description = "Managed node groups by name. gpus_per_node above zero makes a GPU group: NVIDIA image, taint nvidia.com/gpu, label nvidia.com/gpu.present."
  type = map(object({
    instance_types = list(string)
    min_size       = number
    desired_size   = number
    max_size       = number
    disk_gib       = optional(number, 50)
    capacity_type  = optional(string, "ON_DEMAND")
    gpus_per_node  = optional(number, 0)
    labels         = optional(map(string), {})
    taints = optional(list(object({
      key    = string
      value  = optional(string)
      effect = string
    })), [])
  }))

  validation {
    condition     = alltrue([for name in keys(var.node_groups) : can(regex("^[a-z][a-z0-9-]{0,30}$", name))])
    error_message = "node_groups: a name must be at most 31 lower-case letters, digits or hyphens and start with a letter."
  }

  validation {
    condition = alltrue([
      for group in var.node_groups : group.min_size >= 0 && group.min_size <= group.desired_size && group.desired_size <= group.max_size && group.max_size >= 1
    ])
    error_message = "node_groups: 0 <= min_size <= desired_size <= max_size, and max_size at least 1."
  }

  # The NVIDIA image alone takes about 20 GiB, a training image as much again.
  validation {
    condition     = alltrue([for group in var.node_groups : group.disk_gib >= (group.gpus_per_node > 0 ? 100 : 20)])
    error_message = "node_groups: disk_gib must be at least 20, and at least 100 for a GPU group."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["ON_DEMAND", "SPOT"], group.capacity_type)])
    error_message = "node_groups: capacity_type must be ON_DEMAND or SPOT."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : length(group.instance_types) > 0])
    error_message = "node_groups: instance_types must not be empty."
  }

  validation {
    condition     = alltrue([for group in var.node_groups : group.gpus_per_node >= 0 && floor(group.gpus_per_node) == group.gpus_per_node])
    error_message = "node_groups: gpus_per_node must be a whole number, 0 for a CPU group."
  }

  validation {
    condition = alltrue(flatten([
      for group in var.node_groups : [for taint in group.taints : contains(["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"], taint.effect) && taint.key != "nvidia.com/gpu"]
    ]))
    error_message = "node_groups: a taint's effect must be NO_SCHEDULE, PREFER_NO_SCHEDULE or NO_EXECUTE; nvidia.com/gpu is set by gpus_per_node."
  }

  validation {
    condition     = anytrue([for group in var.node_groups : group.gpus_per_node == 0 && length(group.taints) == 0 && group.desired_size > 0])
    error_message = "node_groups: one CPU group without taints needs at least one node, or CoreDNS and the controllers have no place."
  }
}

variable "instance_tags" {
  description = "Tags of instances, their disks and network interfaces."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.instance_tags) : !startswith(lower(key), "aws:") && key != "Name"])
    error_message = "instance_tags must not set Name (made from cluster and group) or keys that start with aws:."
  }
}
