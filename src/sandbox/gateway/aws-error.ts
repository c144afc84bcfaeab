import type { HttpResponse } from '../../host/http.ts';
import type { AwsCall, Protocol } from './aws-call.ts';
import { escapeXml } from './xml.ts';

export interface AwsError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

const requestId = '00000000-0000-4000-8000-000000000000';

const bodies: Readonly<Record<Protocol, (error: AwsError) => string>> = {
  'rest-json': (error) => JSON.stringify({ message: error.message }),
  json: (error) => JSON.stringify({ __type: error.code, message: error.message }),
  query: (error) =>
    `<ErrorResponse><Error><Type>Sender</Type>${codeAndMessage(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  ec2: (error) =>
    `<Response><Errors><Error>${codeAndMessage(error)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  s3: (error) => `<Error>${codeAndMessage(error)}<RequestId>${requestId}</RequestId></Error>`,
};

const contentTypes: Readonly<Record<Protocol, string>> = {
  'rest-json': 'application/json',
  json: 'application/x-amz-json-1.1',
  query: 'text/xml',
  ec2: 'text/xml',
  s3: 'application/xml',
};

function codeAndMessage(error: AwsError): string {
  return `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
}

/** The error as the SDK of the call's service expects it; an answer to HEAD has no body. */
export function renderError(
  call: Pick<AwsCall, 'protocol' | 'method'>,
  error: AwsError,
): HttpResponse {
  const body = call.method === 'HEAD' ? '' : bodies[call.protocol](error);
  return {
    status: error.status,
    headers: {
      'content-type': contentTypes[call.protocol],
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: new TextEncoder().encode(body),
  };
}

export function jsonResponse(
  body: object,
  contentType = 'application/json',
  status = 200,
): HttpResponse {
  return {
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}
