import { z } from 'zod';
import type { ServiceName } from './endpoint-slice.ts';
import { metadataSchema } from './metadata.ts';

/** Of either kind: they differ in nothing that is read here. */
export const webhookConfigurationSchema = z.object({
  kind: z.enum(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']),
  metadata: metadataSchema,
  webhooks: z
    .array(
      z.object({
        name: z.string(),
        clientConfig: z.object({
          caBundle: z.string().default(''),
          /** Instead of a Service: what EKS runs beside its API server. */
          url: z.string().optional(),
          service: z.object({ namespace: z.string(), name: z.string() }).optional(),
        }),
      }),
    )
    .default([]),
});

export type WebhookConfiguration = z.infer<typeof webhookConfigurationSchema>;

/** The Services that the API server calls for these, each once. */
export function webhookServices(configurations: readonly WebhookConfiguration[]): ServiceName[] {
  const services = configurations
    .flatMap(({ webhooks }) => webhooks)
    .flatMap(({ clientConfig }) => clientConfig.service ?? []);
  const byName = new Map(
    services.map((service) => [`${service.namespace}/${service.name}`, service]),
  );
  return [...byName.values()];
}
