output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Address range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "private_subnet_ids" {
  description = "Private subnets, in the order of the zones."
  value       = [for az in var.azs : aws_subnet.private[az].id]
}

output "public_subnet_ids" {
  description = "Public subnets, in the order of the zones."
  value       = [for az in var.azs : aws_subnet.public[az].id]
}

output "nat_gateway_ids" {
  description = "NAT gateway ids by zone."
  value       = { for az, gateway in aws_nat_gateway.this : az => gateway.id }
}

output "nat_public_ips" {
  description = "Addresses that the nodes' traffic comes from, e.g. for allow-lists."
  value       = [for az in sort(tolist(local.nat_azs)) : aws_eip.nat[az].public_ip]
}
