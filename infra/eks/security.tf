# Nodes and control plane share the cluster security group (the launch templates name no other), and its own rule
# opens everything between its members today. These two state what Istio needs from it, so that the mesh keeps
# working where that rule is narrowed: sidecars fetch their configuration, the API server calls the injector.
locals {
  istio_ports = {
    15012 = "istiod: configuration and certificates for proxies (XDS over mTLS)"
    15017 = "istiod: sidecar injection and validation webhooks"
  }
}

resource "aws_vpc_security_group_ingress_rule" "istio" {
  for_each = local.istio_ports

  security_group_id            = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  referenced_security_group_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  description                  = each.value
  ip_protocol                  = "tcp"
  from_port                    = each.key
  to_port                      = each.key

  tags = { Name = "${var.cluster_name}-istio-${each.key}" }
}
