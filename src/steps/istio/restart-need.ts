import { imageTag } from '../../domain/cluster/image-tag.ts';
import { type Pod, proxyImage } from '../../tools/kubernetes/objects/pod.ts';
import { nameList } from '../name-list.ts';
import { isPlaceholder } from './injection.ts';

export interface RestartNeed {
  /** What is so now, with the pods' names. */
  readonly missing: string;
  /** What was so, when it is over. */
  readonly reason: string;
}

/**
 * Why the gateway's pods have to be made anew; undefined when they need not. Pods that were made before
 * the injector served keep the image "auto" for ever (https://github.com/istio/istio/issues/35789), pods
 * from before an upgrade of the control plane keep the old proxy. Measured by the image that is injected
 * now: a restart brings exactly this one, so that a second run finds nothing to do.
 */
export function restartNeed(pods: readonly Pod[], injected: string): RestartNeed | undefined {
  const bare = pods.filter(({ spec }) => isPlaceholder(proxyImage(spec)));
  if (bare.length > 0) {
    const names = nameList(bare.map(({ metadata }) => metadata.name));
    return {
      missing: `${bare.length} of ${pods.length} gateway pods have image "auto": ${names}`,
      reason: `${podCount(bare.length)} had the image "auto"`,
    };
  }
  const [other] = pods.map(({ spec }) => proxyImage(spec)).filter((image) => image !== injected);
  const count = pods.filter(({ spec }) => proxyImage(spec) !== injected).length;
  if (count === 0) return undefined;
  const versions = `${versionOf(other ?? 'none')}, the control plane's is ${versionOf(injected)}`;
  return {
    missing: `${count} of ${pods.length} gateway pods have proxy ${versions}`,
    reason: `${podCount(count)} had proxy ${versions}`,
  };
}

function podCount(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

function versionOf(image: string): string {
  return imageTag(image) ?? image;
}
