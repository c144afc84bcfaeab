import type { Host } from '../../host/host.ts';
import type { HttpRequest, HttpResponse } from '../../host/http.ts';
import { readToken, reviewAnswer, tokenOfReview, userOf } from '../cluster/token-review.ts';
import type { ClusterRecord } from '../eks/store.ts';
import { jsonResponse } from './aws-error.ts';
import { element, query } from './emulator-query.ts';

const prefix = '/_platform/token-review/';

export function tokenReviewPath(clusterKey: string): string {
  return `${prefix}${clusterKey}`;
}

/** The cluster that a review is for, by its key; undefined when the request is none. */
export function clusterOfReview(path: string): string | undefined {
  return path.startsWith(prefix) ? path.slice(prefix.length).split('?')[0] : undefined;
}

/** The answer to an API server that asks whose token it was shown. */
export async function answerTokenReview(
  host: Host,
  emulatorPort: number,
  record: ClusterRecord | undefined,
  request: HttpRequest,
): Promise<HttpResponse> {
  const answer = (user: Parameters<typeof reviewAnswer>[0]) => jsonResponse(reviewAnswer(user));
  if (record === undefined) return answer('no such cluster');
  const claim = readToken(tokenOfReview(request.body), host.clock.now());
  if (claim.kind === 'refused') return answer(claim.reason);
  const region = record.fields.arn.split(':')[3] ?? '';
  const target = { http: host.http, port: emulatorPort, region, accessKey: claim.accessKey };
  const caller = await query(target, 'sts', { Action: 'GetCallerIdentity' });
  if (caller.kind === 'failed') return answer(caller.error.message);
  const arn = element(caller.value, 'Arn') ?? '';
  return answer(userOf(record.accessEntries, arn) ?? `no access entry for ${arn}`);
}
