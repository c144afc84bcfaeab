import type { ZodType } from 'zod';
import type { ClusterRecord, Store } from './store.ts';

/** What a handler may know beside store and request; no clock and no randomness of its own. */
export interface EksContext {
  readonly account: string;
  readonly region: string;
  /** Epoch seconds. */
  readonly now: number;
  /** How long a new or changed resource stays CREATING or UPDATING. */
  readonly settleSeconds: number;
  /** Random lower-case hex of that many digits. */
  newHex(digits: number): string;
  /** What carries the cluster of that key (`region/name`). */
  controlPlane(key: string): ControlPlaneState;
  /** How far the cluster has become what the node group or add-on of that ARN was told at `modifiedAt`. */
  realization(arn: string, modifiedAt: number): Realization;
  /** Status and health issues forced on a resource, by `addon/CLUSTER/NAME` and the like. */
  readonly forced: Readonly<Record<string, ForcedHealth>>;
}

export type ControlPlaneState =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'ready';
      readonly endpoint: string;
      /** PEM in base64, as DescribeCluster has it. */
      readonly certificateAuthorityData: string;
    }
  | { readonly kind: 'failed'; readonly reason: string };

export type Realization =
  | { readonly kind: 'pending' | 'done' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface ForcedHealth {
  readonly status: string;
  readonly issues: readonly { readonly code: string; readonly message: string }[];
}

/** Facts of other services that a handler asked for in its first round. */
export interface Facts {
  readonly network?: {
    readonly vpcId: string;
    readonly securityGroupId: string;
    readonly callerArn: string;
  };
  readonly launchTemplate?: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly imageId?: string;
    readonly instanceType?: string;
  };
}

export type Need =
  | { readonly kind: 'network'; readonly cluster: string; readonly subnetIds: readonly string[] }
  | {
      readonly kind: 'launch-template';
      readonly id?: string | undefined;
      readonly name?: string | undefined;
      readonly version?: string | undefined;
    };

export interface EksRequest {
  /** Parts of the path named by the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; an empty object when there was no body. */
  readonly body: unknown;
  readonly facts: Facts;
}

export interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Answer {
  readonly kind: 'answer';
  readonly store: Store;
  readonly body: object;
  /** A cluster's security group that is no longer needed. */
  readonly dropSecurityGroup?: string;
}

export type Outcome = Answer | Refusal | { readonly kind: 'needs'; readonly need: Need };

export type Handler = (context: EksContext, store: Store, request: EksRequest) => Outcome;

export function answer(store: Store, body: object): Answer {
  return { kind: 'answer', store, body };
}

function refusal(status: number, code: string, message: string): Refusal {
  return { kind: 'refused', status, code, message };
}

export function notFound(message: string): Refusal {
  return refusal(404, 'ResourceNotFoundException', message);
}

export function inUse(message: string): Refusal {
  return refusal(409, 'ResourceInUseException', message);
}

export function invalidParameter(message: string): Refusal {
  return refusal(400, 'InvalidParameterException', message);
}

export function invalidRequest(message: string): Refusal {
  return refusal(400, 'InvalidRequestException', message);
}

/** The tag calls are the only ones of EKS that say NotFoundException. */
export function tagsNotFound(arn: string): Refusal {
  return refusal(404, 'NotFoundException', `Resource was not found: ${arn}`);
}

/** The request's body as `schema` has it, or the refusal that EKS gives for bad input. */
export function parseBody<T>(
  schema: ZodType<T>,
  body: unknown,
): { readonly kind: 'parsed'; readonly value: T } | Refusal {
  const result = schema.safeParse(body);
  if (result.success) return { kind: 'parsed', value: result.data };
  const issue = result.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  return invalidParameter(`${where === '' ? 'request' : where}: ${issue?.message ?? 'invalid'}`);
}

export interface FoundCluster {
  readonly kind: 'found';
  readonly key: string;
  readonly record: ClusterRecord;
}

export function clusterKey(context: EksContext, name: string): string {
  return `${context.region}/${name}`;
}

export function findCluster(
  context: EksContext,
  store: Store,
  request: EksRequest,
): FoundCluster | Refusal {
  const name = request.params.cluster ?? '';
  const key = clusterKey(context, name);
  const record = store.clusters[key];
  return record === undefined
    ? notFound(`No cluster found for name: ${name}.`)
    : { kind: 'found', key, record };
}

export function withCluster(store: Store, key: string, record: ClusterRecord): Store {
  return { ...store, clusters: { ...store.clusters, [key]: record } };
}

/** A copy of the map without `name`. */
export function without<T>(map: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}

/** Status and health as a describe call shows them. */
export interface ShownHealth {
  readonly status: string;
  readonly health: { readonly issues: readonly object[] };
}

export function shownHealth(
  context: EksContext,
  forcedKey: string,
  resource: { readonly phase: string; readonly settledAt: number },
  realization: Realization,
): ShownHealth {
  const forced = context.forced[forcedKey];
  if (forced !== undefined) return { status: forced.status, health: { issues: forced.issues } };
  if (realization.kind === 'failed') {
    const status = resource.phase === 'CREATING' ? 'CREATE_FAILED' : 'DEGRADED';
    const issues = [{ code: 'AsgInstanceLaunchFailures', message: realization.reason }];
    return { status, health: { issues } };
  }
  const over = realization.kind === 'done' && context.now >= resource.settledAt;
  return { status: over ? 'ACTIVE' : resource.phase, health: { issues: [] } };
}

export function arnOf(context: EksContext, resource: string): string {
  return `arn:aws:eks:${context.region}:${context.account}:${resource}`;
}

export function newUuid(context: EksContext): string {
  const hex = context.newHex(32);
  return [0, 8, 12, 16, 20]
    .map((start, index) => hex.slice(start, [8, 12, 16, 20, 32][index]))
    .join('-');
}
