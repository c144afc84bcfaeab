import type { Host } from '../../host/host.ts';
import type { HttpRequest, HttpResponse } from '../../host/http.ts';
import type { ControlPlanes } from '../cluster/control-planes.ts';
import type { EksContext, Facts, Outcome } from '../eks/handler.ts';
import { matchRoute } from '../eks/routes.ts';
import { type ClusterRecord, emptyStore, renderStore, type Store } from '../eks/store.ts';
import type { AwsCall } from './aws-call.ts';
import { jsonResponse, renderError } from './aws-error.ts';
import type { Controls } from './control.ts';
import { deleteSecurityGroup, gatherFacts } from './emulator-client.ts';
import type { EmulatorTarget } from './emulator-query.ts';
import type { GatewaySettings } from './gateway-settings.ts';

export interface EksService {
  /** The cluster of that key (`region/name`) as it is now. */
  cluster(key: string): ClusterRecord | undefined;
  answer(request: HttpRequest, call: AwsCall): Promise<HttpResponse>;
}

/** Runs the pure handlers: holds the store, gathers what they ask for, writes the file. */
export function createEksService(
  host: Host,
  settings: GatewaySettings,
  controls: Controls,
  controlPlanes: ControlPlanes,
): EksService {
  let store: Store = emptyStore;
  let written: Promise<void> = Promise.resolve();

  function keep(next: Store): Promise<void> {
    if (next === store) return Promise.resolve();
    store = next;
    controlPlanes.follow(next);
    // One after the other: an older state must not overtake a newer one. A failed write fails its
    // own call only.
    const before = written.catch(() => undefined);
    written = before.then(() => host.files.writeAtomic(settings.storePath, renderStore(next)));
    return written;
  }

  function contextOf(call: AwsCall): EksContext {
    return {
      account: settings.account,
      region: call.region === '' ? settings.region : call.region,
      now: host.clock.now() / 1000,
      settleSeconds: controls.latency.settleMs / 1000,
      newHex: (digits) => host.machine.randomHex(Math.ceil(digits / 2)).slice(0, digits),
      controlPlane: controlPlanes.state,
      realization: controlPlanes.realization,
      forced: controls.forced,
    };
  }

  async function answer(request: HttpRequest, call: AwsCall): Promise<HttpResponse> {
    const matched = matchRoute(request.method, request.path);
    if (matched === undefined) {
      const message = `the sandbox has no ${request.method} ${call.path} of EKS`;
      return renderError(call, { status: 400, code: 'InvalidRequestException', message });
    }
    const context = contextOf(call);
    const target = targetOf(host, settings, request, context.region);
    const text = new TextDecoder().decode(request.body);
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const query = new URLSearchParams(request.path.split('?')[1] ?? '');
    const run = (facts: Facts): Outcome =>
      matched.route.handler(context, store, { params: matched.params, query, body, facts });

    let outcome = run({});
    let madeSecurityGroup: string | undefined;
    if (outcome.kind === 'needs') {
      const gathered = await gatherFacts(target, outcome.need);
      if (gathered.kind === 'failed') return renderError(call, gathered.error);
      madeSecurityGroup = gathered.value.network?.securityGroupId;
      outcome = run(gathered.value);
    }
    if (outcome.kind === 'needs') throw new Error(`${call.operation} asked twice for facts`);
    if (outcome.kind === 'refused') {
      // Somebody else made the same cluster while we gathered.
      if (madeSecurityGroup !== undefined) await deleteSecurityGroup(target, madeSecurityGroup);
      return renderError(call, outcome);
    }
    await keep(outcome.store);
    if (outcome.dropSecurityGroup !== undefined) {
      await deleteSecurityGroup(target, outcome.dropSecurityGroup);
    }
    return jsonResponse(outcome.body);
  }

  return { cluster: (key) => store.clusters[key], answer };
}

function targetOf(
  host: Host,
  settings: GatewaySettings,
  request: HttpRequest,
  region: string,
): EmulatorTarget {
  const accessKey = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? 'test';
  return {
    http: host.http,
    port: settings.emulatorPort,
    region,
    accessKey,
  };
}
