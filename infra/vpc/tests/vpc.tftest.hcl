mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:flow-logs" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mlp-dev-flow-logs" }
  }
}

variables {
  name_prefix  = "mlp-dev"
  region       = "eu-central-1"
  azs          = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  cidr         = "10.20.0.0/16"
  cluster_name = "mlp-dev"
  nat          = "one"
}

run "subnets_are_tagged_for_eks_and_load_balancers" {
  assert {
    condition     = length(aws_subnet.private) == 3 && length(aws_subnet.public) == 3
    error_message = "one private and one public subnet in each zone"
  }

  assert {
    condition = alltrue([
      for subnet in aws_subnet.private :
      subnet.tags["kubernetes.io/role/internal-elb"] == "1" && subnet.tags["kubernetes.io/cluster/mlp-dev"] == "shared" && !contains(keys(subnet.tags), "kubernetes.io/role/elb")
    ])
    error_message = "private subnets are for internal load balancers of this cluster"
  }

  assert {
    condition = alltrue([
      for subnet in aws_subnet.public :
      subnet.tags["kubernetes.io/role/elb"] == "1" && subnet.tags["kubernetes.io/cluster/mlp-dev"] == "shared" && !contains(keys(subnet.tags), "kubernetes.io/role/internal-elb")
    ])
    error_message = "public subnets are for internet-facing load balancers of this cluster"
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : !subnet.map_public_ip_on_launch])
    error_message = "nothing gets a public address by itself"
  }
}

run "addresses_do_not_overlap" {
  assert {
    condition     = [for az in var.azs : aws_subnet.private[az].cidr_block] == ["10.20.0.0/18", "10.20.64.0/18", "10.20.128.0/18"]
    error_message = "each private subnet has a quarter of the range"
  }

  assert {
    condition     = [for az in var.azs : aws_subnet.public[az].cidr_block] == ["10.20.192.0/24", "10.20.193.0/24", "10.20.194.0/24"]
    error_message = "public subnets lie in the last quarter"
  }
}

run "smallest_range_fits" {
  variables {
    cidr = "10.20.0.0/20"
  }

  assert {
    condition     = aws_subnet.public["eu-central-1c"].cidr_block == "10.20.12.32/28"
    error_message = "a /20 still has /28 public subnets, AWS's smallest"
  }
}

run "one_nat" {
  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_eip.nat) == 1
    error_message = "\"one\" makes one NAT gateway"
  }

  assert {
    condition     = length(aws_route.nat) == 3 && alltrue([for route in aws_route.nat : route.nat_gateway_id == aws_nat_gateway.this["eu-central-1a"].id])
    error_message = "every private subnet leaves through the one gateway"
  }
}

run "nat_per_az" {
  variables {
    nat = "per-az"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(output.nat_public_ips) == 3
    error_message = "\"per-az\" makes one NAT gateway in each zone"
  }

  assert {
    condition     = alltrue([for az, route in aws_route.nat : route.nat_gateway_id == aws_nat_gateway.this[az].id])
    error_message = "a private subnet leaves through the gateway of its own zone"
  }

  assert {
    condition     = alltrue([for az, gateway in aws_nat_gateway.this : gateway.subnet_id == aws_subnet.public[az].id])
    error_message = "a NAT gateway sits in the public subnet of its zone"
  }
}

run "private_stays_private" {
  assert {
    condition     = alltrue([for az, association in aws_route_table_association.private : association.route_table_id == aws_route_table.private[az].id])
    error_message = "private subnets use the tables without a route to the internet gateway"
  }

  assert {
    condition     = aws_route.internet.route_table_id == aws_route_table.public.id
    error_message = "only the public table leads to the internet gateway"
  }

  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "the default security group has no rules"
  }
}

run "s3_goes_around_the_nat" {
  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-central-1.s3"
    error_message = "S3 has a gateway endpoint"
  }

  assert {
    condition     = length(aws_vpc_endpoint.s3.route_table_ids) == 3
    error_message = "the endpoint is in every private route table"
  }
}

run "flow_logs_on_request" {
  variables {
    flow_logs_retention_days = 14
  }

  assert {
    condition     = aws_flow_log.this[0].traffic_type == "ALL" && aws_cloudwatch_log_group.flow_logs[0].retention_in_days == 14
    error_message = "flow logs hold all traffic, for the asked time"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.flow_logs[0].policy).Statement[0].Resource == "${aws_cloudwatch_log_group.flow_logs[0].arn}:*"
    error_message = "the flow log role writes to its own log group only"
  }
}

run "no_flow_logs_by_default" {
  assert {
    condition     = length(aws_flow_log.this) + length(aws_cloudwatch_log_group.flow_logs) + length(aws_iam_role.flow_logs) == 0
    error_message = "flow logs cost money and are made on request only"
  }
}

run "vpc_tags_stay_on_the_vpc" {
  variables {
    vpc_tags = { team = "ml" }
  }

  assert {
    condition     = aws_vpc.this.tags == tomap({ Name = "mlp-dev", team = "ml" })
    error_message = "vpc_tags are on the VPC"
  }

  assert {
    condition     = alltrue([for subnet in values(aws_subnet.private) : !contains(keys(subnet.tags), "team")])
    error_message = "vpc_tags are on nothing else, so that changing one changes one resource"
  }
}

run "bad_inputs_are_refused" {
  command = plan

  variables {
    name_prefix              = "MLP"
    region                   = "frankfurt"
    nat                      = "two"
    flow_logs_retention_days = 13
    vpc_tags                 = { Name = "mine" }
  }

  expect_failures = [
    var.name_prefix,
    var.region,
    var.nat,
    var.flow_logs_retention_days,
    var.vpc_tags,
  ]
}

run "too_small_a_range_is_refused" {
  command = plan

  variables {
    cidr = "10.20.0.0/21"
  }

  expect_failures = [var.cidr]
}

run "one_zone_is_refused" {
  command = plan

  variables {
    azs = ["eu-central-1a"]
  }

  expect_failures = [var.azs]
}
