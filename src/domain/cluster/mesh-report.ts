import { imageTag } from './image-tag.ts';

/** Name of the container, or native sidecar, that a pod's proxy of Istio runs in. */
export const PROXY_CONTAINER = 'istio-proxy';

/** A pod with a proxy of Istio in it. */
export interface ProxyPod {
  /** `namespace/name`. */
  readonly name: string;
  readonly image: string;
}

export interface MeshReport {
  /** Of the control planes, by their image tags; empty where there is no mesh. */
  readonly versions: readonly string[];
  readonly proxies: number;
  /** Proxies of a version that no control plane has, `auto` among them. */
  readonly differing: readonly { readonly pod: string; readonly version: string }[];
}

export function reportMesh(
  controlPlaneImages: readonly string[],
  proxies: readonly ProxyPod[],
): MeshReport {
  const versions = [...new Set(controlPlaneImages.map(versionOf))].sort();
  return {
    versions,
    proxies: proxies.length,
    differing: proxies
      .map(({ name, image }) => ({ pod: name, version: versionOf(image) }))
      .filter(({ version }) => !versions.includes(version)),
  };
}

/** Tag of an image without the flavour (`1.24.1-distroless`); the image itself where it has none. */
function versionOf(image: string): string {
  return imageTag(image)?.replace(/-(distroless|debug)$/, '') ?? image;
}
