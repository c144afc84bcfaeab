/** Why an AWS call failed, as far as its code tells. */
export interface AwsFailure {
  /** `identity`: no credentials, or expired ones; `denied`: valid ones that may not. */
  readonly kind: 'identity' | 'denied' | 'throttled' | 'unreachable' | 'other';
  readonly text: string;
}

const TABLE: readonly (readonly [RegExp, AwsFailure['kind']])[] = [
  [
    /ExpiredToken|InvalidClientToken|UnrecognizedClient|CredentialsProvider|NoCredentials|InvalidIdentityToken|Token is expired|SSO session/i,
    'identity',
  ],
  [/AccessDenied|Unauthorized|NotAuthorized/i, 'denied'],
  [/Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/i, 'throttled'],
  [
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|TimeoutError|ECONNRESET|Could not connect|EndpointConnectionError/i,
    'unreachable',
  ],
];

/** @param text the error's name and message, or what the AWS CLI printed */
export function classifyAws(text: string): AwsFailure {
  const kind = TABLE.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
  return { kind, text: text.trim().split('\n').at(-1) ?? '' };
}
