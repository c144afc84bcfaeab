import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Metadata, metadataSchema } from '../kubernetes-objects.ts';

/** https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/controllers/service/service_controller.go */
export const finalizer = 'service.k8s.aws/resources';

const serviceSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    type: z.string().default('ClusterIP'),
    loadBalancerClass: z.string().optional(),
    ports: z.array(z.object({ port: z.number(), protocol: z.string().default('TCP') })).default([]),
  }),
  status: z
    .object({
      loadBalancer: z
        .object({ ingress: z.array(z.object({ hostname: z.string().optional() })).default([]) })
        .prefault({}),
    })
    .prefault({}),
});

export type Service = z.infer<typeof serviceSchema>;

export function parseService(object: unknown): Service {
  return serviceSchema.parse(object);
}

/**
 * Whether a Service's load balancer has to be made or removed. One without a class counts too: what
 * stands for AWS's load balancers here is one controller.
 */
export function decideService({ metadata, spec, status }: Service): 'make' | 'remove' | 'leave' {
  const ours = [undefined, 'service.k8s.aws/nlb'].includes(spec.loadBalancerClass);
  const wanted = spec.type === 'LoadBalancer' && ours && metadata.deletionTimestamp === undefined;
  const held = metadata.finalizers.includes(finalizer);
  if (!wanted) return held ? 'remove' : 'leave';
  const named = status.loadBalancer.ingress.some(({ hostname }) => hostname !== undefined);
  return held && named ? 'leave' : 'make';
}

export type Scheme = 'internal' | 'internet-facing';

/** Internal, unless the Service asks for the other. */
export function schemeOf({ annotations }: Metadata): Scheme {
  const asked = annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'];
  return asked === 'internet-facing' ? 'internet-facing' : 'internal';
}

/** At most 32 characters, always the same: `buildLoadBalancerName` of the controller. */
export function loadBalancerName(cluster: string, metadata: Metadata, scheme: Scheme): string {
  return readableName(metadata, `${cluster}${metadata.uid}${scheme}`);
}

export function targetGroupName(cluster: string, metadata: Metadata, port: number): string {
  return readableName(metadata, `${cluster}${metadata.uid}${port}`);
}

function readableName({ namespace, name }: Metadata, unique: string): string {
  const short = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').slice(0, 8);
  const digest = createHash('sha256').update(unique).digest('hex').slice(0, 10);
  return `k8s-${short(namespace)}-${short(name)}-${digest}`;
}

/** What all AWS resources of a Service carry: `StackTags` in the controller's pkg/deploy/tracking. */
export function stackTags(
  cluster: string,
  { namespace, name }: Pick<Metadata, 'namespace' | 'name'>,
): Record<string, string> {
  return { 'elbv2.k8s.aws/cluster': cluster, 'service.k8s.aws/stack': `${namespace}/${name}` };
}
