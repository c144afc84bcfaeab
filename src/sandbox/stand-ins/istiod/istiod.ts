import type { Http, HttpServer, TlsIdentity } from '../../../host/http.ts';
import type { ApiClient } from '../../cluster/api-client.ts';
import type { Listeners, ServicePort } from '../cluster-network.ts';
import { parseDeployment, parseSecret } from '../kubernetes-objects.ts';
import { type Patch, type StandIn, sendPatches } from '../stand-in.ts';
import { answerWebhook } from './admission-review.ts';
import { proxyImageOf } from './inject-pod.ts';
import { collectionPath, collections, webhookPatches } from './webhook-configurations.ts';

const namespace = '/namespaces/istio-system';
const webhookPort: ServicePort = { namespace: 'istio-system', service: 'istiod', port: 15017 };

/** What the process would be started with. */
interface Setup {
  readonly identity: TlsIdentity;
  /** base64 of PEM. */
  readonly caBundle: string;
  readonly proxyImage: string;
}

/**
 * Istiod's sidecar injector. In life istiod signs its own certificate; here it is the one that the
 * stand-in chart signed, and that is read anew with each look, since an upgrade signs another.
 */
export function createIstiod(http: Pick<Http, 'serveTls'>, listeners: Listeners): StandIn {
  let serving: { readonly setup: Setup; readonly server: HttpServer } | undefined;

  async function close(): Promise<void> {
    listeners.close(webhookPort);
    const ended = serving?.server;
    serving = undefined;
    await ended?.close();
  }

  /** One process, however many pods: started with the first ready one, ended with the last. */
  async function serve(setup: Setup | undefined): Promise<void> {
    if (JSON.stringify(serving?.setup) === JSON.stringify(setup)) return;
    await close();
    if (setup === undefined) return;
    const { identity, proxyImage } = setup;
    const server = await http.serveTls(0, identity, async (request) =>
      answerWebhook(request, proxyImage),
    );
    serving = { setup, server };
    listeners.open(webhookPort, server.port);
  }

  return {
    name: 'istiod',
    close,
    reconcile: async (api) => {
      const setup = await gatherSetup(api);
      await serve(setup);
      if (setup === undefined) return false;
      const patches: Patch[] = [];
      for (const collection of collections) {
        const found = await api.list(collectionPath(collection));
        patches.push(...webhookPatches(collection, found, setup.caBundle));
      }
      return sendPatches(api, patches);
    },
  };
}

async function gatherSetup(api: ApiClient): Promise<Setup | undefined> {
  const found = await api.get(`/apis/apps/v1${namespace}/deployments/istiod`);
  if (found === undefined) return undefined;
  const { spec, status } = parseDeployment(found);
  if (status.readyReplicas === 0) return undefined;
  const { containers } = spec.template.spec;
  const image = containers.find(({ name }) => name === 'discovery')?.image ?? containers[0]?.image;
  const secret = await api.get(`/api/v1${namespace}/secrets/istiod-standin-tls`);
  if (image === undefined || secret === undefined) return undefined;
  const { data } = parseSecret(secret);
  return {
    identity: { certificate: atob(data['tls.crt'] ?? ''), key: atob(data['tls.key'] ?? '') },
    caBundle: data['ca.crt'] ?? '',
    proxyImage: proxyImageOf(image),
  };
}
