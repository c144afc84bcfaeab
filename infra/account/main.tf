locals {
  partition = data.aws_partition.current.partition
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {
  lifecycle {
    postcondition {
      condition     = self.account_id == var.account_id
      error_message = "the credentials belong to account ${self.account_id}, this environment to ${var.account_id}: switch profile or role"
    }
  }
}

data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  # EKS cannot place a control plane in these:
  # https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
  exclude_zone_ids = ["use1-az3", "usw1-az2", "cac1-az3"]

  lifecycle {
    postcondition {
      condition     = length(self.names) >= var.az_count
      error_message = "the region offers ${length(self.names)} availability zones, ${var.az_count} are asked for: lower vpc.availabilityZones"
    }
  }
}

resource "aws_route53_zone" "this" {
  count = var.zone_name == null ? 0 : 1

  name    = var.zone_name
  comment = "Names of the environment ${var.environment}"
}

# Whatever a StorageClass or a launch template forgets, new volumes are encrypted.
resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}
