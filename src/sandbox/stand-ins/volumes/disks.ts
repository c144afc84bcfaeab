import { demand, type EmulatorTarget, element, query } from '../../gateway/emulator-query.ts';
import { type Provision, volumeName } from './claims.ts';

/**
 * Tags of the driver with `--k8s-tag-cluster-id`, as the EKS add-on runs it:
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
 */
export function diskTags(cluster: string, { claim }: Provision): Record<string, string> {
  const name = volumeName(claim);
  return {
    CSIVolumeName: name,
    'ebs.csi.aws.com/cluster': 'true',
    'kubernetes.io/created-for/pv/name': name,
    'kubernetes.io/created-for/pvc/name': claim.metadata.name,
    'kubernetes.io/created-for/pvc/namespace': claim.metadata.namespace,
    [`kubernetes.io/cluster/${cluster}`]: 'owned',
    KubernetesCluster: cluster,
    Name: `${cluster}-dynamic-${name}`,
  };
}

/** The id of the disk, which may be there already: made, but not told to the cluster. */
export async function makeDisk(
  target: EmulatorTarget,
  cluster: string,
  provision: Provision,
): Promise<string> {
  const tags = diskTags(cluster, provision);
  const found = await demand(target, 'ec2', {
    Action: 'DescribeVolumes',
    'Filter.1.Name': 'tag:CSIVolumeName',
    'Filter.1.Value.1': tags.CSIVolumeName ?? '',
  });
  const there = element(found, 'volumeId');
  if (there !== undefined) return there;
  const { parameters } = provision.storageClass;
  const made = await demand(target, 'ec2', {
    Action: 'CreateVolume',
    AvailabilityZone: provision.zone,
    Size: String(provision.sizeGib),
    VolumeType: parameters.type ?? 'gp3',
    Encrypted: parameters.encrypted ?? 'false',
    'TagSpecification.1.ResourceType': 'volume',
    ...Object.fromEntries(
      Object.entries(tags).flatMap(([key, value], index) => [
        [`TagSpecification.1.Tag.${index + 1}.Key`, key],
        [`TagSpecification.1.Tag.${index + 1}.Value`, value],
      ]),
    ),
  });
  return element(made, 'volumeId') ?? '';
}

/** One that is gone is deleted. */
export async function deleteDisk(target: EmulatorTarget, volumeId: string): Promise<void> {
  const answer = await query(target, 'ec2', { Action: 'DeleteVolume', VolumeId: volumeId });
  if (answer.kind === 'failed' && answer.error.code !== 'InvalidVolume.NotFound') {
    throw new Error(`DeleteVolume: ${answer.error.message}`);
  }
}
