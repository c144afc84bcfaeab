import { z } from 'zod';
import { principalOf } from '../eks/principal.ts';
import type { AccessEntry } from '../eks/store.ts';
import { groupOfPolicy } from './access-bindings.ts';

/** What a token of `aws eks get-token` says. */
export type TokenClaim =
  | { readonly kind: 'claim'; readonly accessKey: string }
  | { readonly kind: 'refused'; readonly reason: string };

const prefix = 'k8s-aws-v1.';
/** As aws-iam-authenticator has it, whatever X-Amz-Expires says. */
const lifetimeMs = 15 * 60_000;
/** A clock that is ahead of ours. */
const skewMs = 5 * 60_000;

/**
 * Reads a token as aws-iam-authenticator does, which hands it to STS: a presigned GetCallerIdentity.
 * The signature is not verified (the emulator verifies none), and with it goes the cluster's name:
 * that is in a signed header, of which the URL has the name alone.
 * https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go
 */
export function readToken(token: string, nowMs: number): TokenClaim {
  if (!token.startsWith(prefix)) return refused(`the token does not start with ${prefix}`);
  const base64 = token.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/');
  let url: URL;
  try {
    url = new URL(atob(base64));
  } catch {
    return refused('the token is no URL in base64url');
  }
  const query = url.searchParams;
  if (query.get('Action') !== 'GetCallerIdentity') return refused('not GetCallerIdentity');
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  if (!signedHeaders.includes('x-k8s-aws-id')) return refused('no cluster was signed');
  const signedAt = readAmzDate(query.get('X-Amz-Date') ?? '');
  if (signedAt === undefined) return refused('no X-Amz-Date');
  if (nowMs > signedAt + lifetimeMs) return refused('the token has expired');
  if (nowMs < signedAt - skewMs) return refused('the token is from the future');
  const [accessKey = ''] = (query.get('X-Amz-Credential') ?? '').split('/');
  return accessKey === '' ? refused('no X-Amz-Credential') : { kind: 'claim', accessKey };
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}

/** `20261125T080000Z`, in milliseconds since 1970. */
function readAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export interface KubernetesUser {
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * Who a caller is to the cluster, by its access entries; undefined for nobody. A policy whose scope is
 * a namespace gives no group here.
 *
 * @param callerArn as GetCallerIdentity answers: a session's for a role
 */
export function userOf(
  entries: Readonly<Record<string, AccessEntry>>,
  callerArn: string,
): KubernetesUser | undefined {
  const principal = principalOf(callerArn);
  const entry = Object.values(entries).find((each) => withoutPath(each.principalArn) === principal);
  if (entry === undefined) return undefined;
  const session = callerArn.split('/').at(-1) ?? '';
  const policyGroups = entry.policies
    .filter((policy) => policy.accessScope.type === 'cluster')
    .map((policy) => groupOfPolicy(policy.policyArn))
    .filter((group) => group !== undefined);
  return {
    username: entry.username.replaceAll('{{SessionName}}', session),
    groups: [...entry.groups, ...policyGroups],
  };
}

/** A session's ARN has the role's name and not its path. */
function withoutPath(principalArn: string): string {
  return principalArn.replace(/:role\/.*\//, ':role/');
}

const reviewSchema = z.object({ spec: z.object({ token: z.string() }) });

export function tokenOfReview(body: Uint8Array): string {
  return reviewSchema.parse(JSON.parse(new TextDecoder().decode(body))).spec.token;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication */
export function reviewAnswer(user: KubernetesUser | string): object {
  const status =
    typeof user === 'string'
      ? { authenticated: false, error: user }
      : { authenticated: true, user };
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
}
