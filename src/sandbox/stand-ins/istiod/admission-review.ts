import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../../host/http.ts';
import { injectPod, type JsonPatchOperation } from './inject-pod.ts';

const reviewSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal('AdmissionReview'),
  request: z.object({ uid: z.string(), object: z.unknown() }),
});

/** Istiod's webhook server: `/inject` and `/validate`; every configuration is valid here. */
export function answerWebhook(request: HttpRequest, proxyImage: string): HttpResponse {
  const path = request.path.split('?')[0] ?? '';
  if (path.startsWith('/inject')) {
    return review(request, (object) => injectPod(object, proxyImage));
  }
  if (path.startsWith('/validate')) return review(request, () => []);
  return { status: 404, headers: {}, body: new Uint8Array() };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
function review(
  request: HttpRequest,
  change: (object: unknown) => JsonPatchOperation[],
): HttpResponse {
  const text = new TextDecoder().decode(request.body);
  const { apiVersion, kind, request: asked } = reviewSchema.parse(JSON.parse(text));
  const patch = change(asked.object);
  const patched =
    patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: base64(JSON.stringify(patch)) };
  const body = { apiVersion, kind, response: { uid: asked.uid, allowed: true, ...patched } };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
