# Lustre talks both ways on these ports, also from server to server:
# https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html
locals {
  lustre_ports = {
    main    = { from = 988, to = 988 }
    dynamic = { from = 1018, to = 1023 }
  }

  peers = {
    nodes   = var.cluster_security_group_id
    servers = aws_security_group.lustre.id
  }

  rules = {
    for pair in setproduct(keys(local.lustre_ports), keys(local.peers)) :
    "${pair[1]}-${pair[0]}" => { ports = local.lustre_ports[pair[0]], peer = pair[1] }
  }
}

resource "aws_security_group" "lustre" {
  name        = "${var.name_prefix}-lustre"
  description = "Lustre between its servers and the nodes of ${var.cluster_name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name_prefix}-lustre" }
}

resource "aws_vpc_security_group_ingress_rule" "lustre" {
  for_each = local.rules

  security_group_id            = aws_security_group.lustre.id
  referenced_security_group_id = local.peers[each.value.peer]
  description                  = "Lustre from ${each.value.peer}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports.from
  to_port                      = each.value.ports.to
}

resource "aws_vpc_security_group_egress_rule" "lustre" {
  for_each = local.rules

  security_group_id            = aws_security_group.lustre.id
  referenced_security_group_id = local.peers[each.value.peer]
  description                  = "Lustre to ${each.value.peer}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports.from
  to_port                      = each.value.ports.to
}
