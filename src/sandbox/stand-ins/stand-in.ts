import type { ApiClient, PatchKind } from '../cluster/api-client.ts';

/**
 * What a container would do, were there containers: reads what is installed, and acts when the pods
 * that would do it are ready. Level-triggered: every look starts from what is there now.
 */
export interface StandIn {
  readonly name: string;
  /** True when something was changed: the next look then comes soon. */
  reconcile(api: ApiClient): Promise<boolean>;
  /** What its process held open, when there is one. */
  close?(): Promise<void>;
}

/** A patch of one object, decided but not yet sent. */
export interface Patch {
  readonly path: string;
  readonly kind: PatchKind;
  readonly body: object;
}

export async function sendPatches(api: ApiClient, patches: readonly Patch[]): Promise<boolean> {
  for (const { path, body, kind } of patches) await api.patch(path, body, kind);
  return patches.length > 0;
}
