import { z } from 'zod';
import type { AwsCall } from './aws-call.ts';
import type { AwsError } from './aws-error.ts';

/** A fault to answer with instead of the truth; what is not named matches everything. */
export const faultSchema = z.strictObject({
  service: z.string().optional(),
  operation: z.string().optional(),
  method: z.string().optional(),
  /** A text that the path contains, such as a bucket's or a cluster's name. */
  path: z.string().optional(),
  code: z.string(),
  message: z.string().optional(),
  status: z.number().int().min(400).max(599).optional(),
  /** How many calls it hits; null for ever. */
  times: z.number().int().positive().nullable().default(1),
});

export type Fault = z.infer<typeof faultSchema>;

function matches(fault: Fault, call: AwsCall): boolean {
  return (
    (fault.service ?? call.service) === call.service &&
    (fault.operation ?? call.operation) === call.operation &&
    (fault.method ?? call.method) === call.method &&
    call.path.includes(fault.path ?? '')
  );
}

function usualStatus(code: string): number {
  if (/Throttling|TooManyRequests|SlowDown|RequestLimitExceeded/.test(code)) return 429;
  if (/Denied|Expired|Unauthorized|InvalidClientToken|Unrecognized/.test(code)) return 403;
  if (/NotFound|NoSuch/.test(code)) return 404;
  if (/Internal|Unavailable|ServiceFailure|ServerException/.test(code)) return 500;
  return 400;
}

/** The error for this call, if a fault hits it, and the faults that are left then. */
export function takeFault(
  faults: readonly Fault[],
  call: AwsCall,
): { readonly error: AwsError; readonly left: readonly Fault[] } | undefined {
  const hit = faults.find((fault) => matches(fault, call));
  if (hit === undefined) return undefined;
  const error = {
    code: hit.code,
    message: hit.message ?? `${hit.code} (asked for by a test)`,
    status: hit.status ?? usualStatus(hit.code),
  };
  if (hit.times === null) return { error, left: faults };
  const used = hit.times > 1 ? [{ ...hit, times: hit.times - 1 }] : [];
  return { error, left: faults.flatMap((fault) => (fault === hit ? used : [fault])) };
}
