import { z } from 'zod';
import { metadataSchema } from './metadata.ts';

const metadata = metadataSchema.extend({
  uid: z.string().default(''),
  finalizers: z.array(z.string()).default([]),
});

/** What makes a controller build a load balancer in AWS, as far as that is read. */
export const exposedObjectSchema = z.object({
  kind: z.enum(['Ingress', 'Service']),
  metadata,
  /** Of a Service. */
  spec: z.object({ type: z.string().optional() }).prefault({}),
});

export type ExposedObject = z.infer<typeof exposedObjectSchema>;

/** An Ingress, or a Service of type LoadBalancer; other Services have nothing in AWS. */
export function hasLoadBalancer({ kind, spec }: ExposedObject): boolean {
  return kind === 'Ingress' || spec.type === 'LoadBalancer';
}
