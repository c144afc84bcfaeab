locals {
  azs = { for index, az in var.azs : az => index }

  # Three quarters of the range are for the private subnets (a pod takes an address of its subnet), the last one is
  # for the public subnets, which hold load balancers and NAT gateways only.
  private_cidrs = { for az, index in local.azs : az => cidrsubnet(var.cidr, 2, index) }
  public_cidrs  = { for az, index in local.azs : az => cidrsubnet(var.cidr, 8, 192 + index) }

  # Zone of the NAT gateway that serves a zone.
  nat_az  = { for az in var.azs : az => var.nat == "one" ? var.azs[0] : az }
  nat_azs = toset(values(local.nat_az))

  # What the AWS Load Balancer Controller and EKS look subnets up by:
  # https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
  cluster_tag = { "kubernetes.io/cluster/${var.cluster_name}" = "shared" }
  public_tags = merge(local.cluster_tag, { "kubernetes.io/role/elb" = "1" })
  private_tags = merge(local.cluster_tag, {
    "kubernetes.io/role/internal-elb" = "1"
  })
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = merge(var.vpc_tags, { Name = var.name_prefix })
}

# No rules: what forgets to name a security group can talk to nobody.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name_prefix}-default-closed" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = var.name_prefix }
}

resource "aws_subnet" "public" {
  for_each = local.azs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = local.public_cidrs[each.key]
  map_public_ip_on_launch = false

  tags = merge(local.public_tags, { Name = "${var.name_prefix}-public-${each.key}" })
}

resource "aws_subnet" "private" {
  for_each = local.azs

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = local.private_cidrs[each.key]
  map_public_ip_on_launch = false

  tags = merge(local.private_tags, { Name = "${var.name_prefix}-private-${each.key}" })
}
