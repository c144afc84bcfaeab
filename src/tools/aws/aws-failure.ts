/** Why an AWS call failed, as far as its code tells. */
export interface AwsFailure {
  /** `identity`: no credentials, or expired ones; `denied`: valid ones that may not. */
  readonly kind: 'identity' | 'denied' | 'throttled' | 'unreachable' | 'other';
  readonly text: string;
}

/**
 * First match wins. Error codes of services, and the words of botocore, which has no codes:
 * https://github.com/boto/botocore/blob/develop/botocore/exceptions.py
 */
const TABLE: readonly (readonly [RegExp, AwsFailure['kind']])[] = [
  [/AuthFailure\.ServiceLinkedRole/i, 'denied'],
  [
    /ExpiredToken|InvalidClientToken|UnrecognizedClient|InvalidIdentityToken|MissingAuthenticationToken/i,
    'identity',
  ],
  [
    /AuthFailure|RequestExpired|SignatureDoesNotMatch|InvalidSignature|UnauthorizedException/i,
    'identity',
  ],
  [
    /CredentialsProvider|Unable to locate (credentials|authorization token)|Partial credentials found|config profile .* could not be found/i,
    'identity',
  ],
  [
    /Error when retrieving (credentials|token) from|Error loading SSO Token|Token has expired|Token is expired|SSO session/i,
    'identity',
  ],
  [/AccessDenied|Unauthorized|NotAuthorized/i, 'denied'],
  [/Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/i, 'throttled'],
  [
    /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|TimeoutError|ECONNRESET|EndpointConnectionError/i,
    'unreachable',
  ],
  [
    /Could not connect|(Connect|Read) timeout on endpoint|Failed to connect to proxy|Connection was closed before/i,
    'unreachable',
  ],
];

/** @param text the error's name and message, or what the AWS CLI printed */
export function classifyAws(text: string): AwsFailure {
  const kind = TABLE.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
  return { kind, text: text.trim().split('\n').at(-1) ?? '' };
}
