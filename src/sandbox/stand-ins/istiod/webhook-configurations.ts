import { z } from 'zod';
import { metadataSchema } from '../kubernetes-objects.ts';
import type { Patch } from '../stand-in.ts';

export const collections = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

const configurationSchema = z.object({
  metadata: metadataSchema,
  webhooks: z
    .array(
      z.object({
        failurePolicy: z.string().default('Fail'),
        clientConfig: z.object({
          caBundle: z.string().default(''),
          service: z.object({ namespace: z.string(), name: z.string() }).optional(),
        }),
      }),
    )
    .default([]),
});

export function collectionPath(collection: string): string {
  return `/apis/admissionregistration.k8s.io/v1/${collection}`;
}

/**
 * What istiod does to the webhooks that lead to it, once it serves: it puts its CA into all of them,
 * and lets the validating ones, installed with `Ignore`, fail closed.
 *
 * @param caBundle base64 of PEM, as in the Secret
 */
export function webhookPatches(
  collection: string,
  configurations: readonly unknown[],
  caBundle: string,
): Patch[] {
  return configurations.flatMap((object) => {
    const { metadata, webhooks } = configurationSchema.parse(object);
    const body = webhooks.flatMap(({ failurePolicy, clientConfig }, index) => {
      const { service } = clientConfig;
      if (service?.namespace !== 'istio-system' || service.name !== 'istiod') return [];
      const at = `/webhooks/${index}`;
      const ca = { op: 'add', path: `${at}/clientConfig/caBundle`, value: caBundle };
      const failClosed = { op: 'replace', path: `${at}/failurePolicy`, value: 'Fail' };
      return [
        ...(clientConfig.caBundle === caBundle ? [] : [ca]),
        ...(collection.startsWith('validating') && failurePolicy !== 'Fail' ? [failClosed] : []),
      ];
    });
    const path = `${collectionPath(collection)}/${metadata.name}`;
    return body.length === 0 ? [] : [{ path, kind: 'json', body }];
  });
}
