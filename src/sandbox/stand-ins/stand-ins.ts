import type { Host } from '../../host/host.ts';
import type { ConnectRoute } from '../../host/http.ts';
import type { ApiClient } from '../cluster/api-client.ts';
import { createClusterNetwork, createListeners } from './cluster-network.ts';
import { createDevicePlugin } from './gpu/device-plugin.ts';
import { createGpuOperator } from './gpu/gpu-operator.ts';
import { createInstanceGpus } from './gpu/instance-gpus.ts';
import { createNodeFeatureDiscovery } from './gpu/node-feature-discovery.ts';
import { createIstiod } from './istiod/istiod.ts';
import { createLoadBalancerController } from './load-balancer/load-balancer-controller.ts';
import { keepReconciling } from './reconcile-loop.ts';
import { createEbsProvisioner } from './volumes/ebs-provisioner.ts';

export interface StandInSettings {
  /** Of the control plane, as its administrator. */
  readonly api: ApiClient;
  /** Name of the EKS cluster. */
  readonly cluster: string;
  readonly region: string;
  readonly vpcId: string;
  readonly emulatorPort: number;
  /** One line, without its end. */
  log(line: string): void;
}

export interface StandIns {
  /** Where the API server's connections into the cluster lead. */
  readonly route: ConnectRoute;
  stop(): Promise<void>;
}

/** Whatever acts in place of containers, for one control plane, from now on until `stop`. */
export function startStandIns(host: Host, settings: StandInSettings): StandIns {
  const { api, cluster, region, vpcId, emulatorPort: port, log } = settings;
  const target = { http: host.http, port, region, accessKey: 'test' };
  const listeners = createListeners();
  const gpus = createInstanceGpus(target);
  const loop = keepReconciling({
    api,
    clock: host.clock,
    log,
    standIns: [
      createIstiod(host.http, listeners),
      createNodeFeatureDiscovery(gpus),
      createGpuOperator(host.clock),
      createDevicePlugin(gpus),
      createLoadBalancerController(target, { cluster, vpcId }),
      createEbsProvisioner(target, cluster),
    ],
  });
  return { route: createClusterNetwork(api, listeners), stop: loop.stop };
}
