import type { ApiClient } from '../../cluster/api-client.ts';
import type { EmulatorTarget } from '../../gateway/emulator-query.ts';
import { parseNode } from '../kubernetes-objects.ts';
import type { StandIn } from '../stand-in.ts';
import {
  decideClaims,
  finalizer,
  type PersistentVolume,
  type Provision,
  parseClaim,
  parseStorageClass,
  parseVolume,
  persistentVolume,
  releasedVolumes,
} from './claims.ts';
import { deleteDisk, makeDisk } from './disks.ts';

const volumesPath = '/api/v1/persistentvolumes';

/** The EBS CSI driver's controller: a disk for each claim, and none for a claim that is gone. */
export function createEbsProvisioner(target: EmulatorTarget, cluster: string): StandIn {
  return {
    name: 'ebs provisioner',
    reconcile: async (api) => {
      const volumes = (await api.list(volumesPath)).map(parseVolume);
      const provisions = await gatherProvisions(api, volumes);
      for (const provision of provisions) {
        const volumeId = await makeDisk(target, cluster, provision);
        await api.create(volumesPath, persistentVolume(provision, volumeId));
      }
      const released = releasedVolumes(volumes);
      for (const volume of released) await removeVolume(api, target, volume);
      return provisions.length + released.length > 0;
    },
  };
}

/** Binding takes the control plane a moment: a claim whose volume is there is served. */
async function gatherProvisions(
  api: ApiClient,
  volumes: readonly PersistentVolume[],
): Promise<Provision[]> {
  const made = new Set(volumes.map(({ metadata }) => metadata.name));
  const found = (await api.list('/api/v1/persistentvolumeclaims')).map(parseClaim);
  const claims = found.filter(({ spec, metadata }) => {
    return spec.volumeName === '' && !made.has(`pvc-${metadata.uid}`);
  });
  if (claims.length === 0) return [];
  const classes = await api.list('/apis/storage.k8s.io/v1/storageclasses');
  const nodes = await api.list('/api/v1/nodes');
  return decideClaims(claims, classes.map(parseStorageClass), nodes.map(parseNode));
}

async function removeVolume(
  api: ApiClient,
  target: EmulatorTarget,
  { metadata, spec }: PersistentVolume,
): Promise<void> {
  if (spec.csi !== undefined) await deleteDisk(target, spec.csi.volumeHandle);
  const path = `${volumesPath}/${metadata.name}`;
  const finalizers = metadata.finalizers.filter((name) => name !== finalizer);
  const { resourceVersion } = metadata;
  await api.patch(path, { metadata: { resourceVersion, finalizers } }, 'merge');
  await api.remove(path);
}
