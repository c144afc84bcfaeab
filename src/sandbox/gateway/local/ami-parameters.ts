import { z } from 'zod';
import { findClusterVersion } from '../../eks/versions.ts';
import { jsonResponse } from '../aws-error.ts';
import { awsJson, type LocalAnswer } from './local-answer.ts';

const amiParameter =
  /^\/aws\/service\/(?:eks\/optimized-ami\/(\d+\.\d+)\/[a-z0-9-]+\/(?:x86_64|arm64)\/[a-z]+\/recommended|bottlerocket\/aws-k8s-(\d+\.\d+)[a-z-]*\/(?:x86_64|arm64)\/latest)(\/[a-z_]+)?$/;

/** The value of a public parameter of EKS or Bottlerocket images; undefined for any other name. */
export function amiParameterValue(name: string): string | undefined {
  const [matched, eks, bottlerocket, leaf] = amiParameter.exec(name) ?? [];
  const version = findClusterVersion(eks ?? bottlerocket ?? '');
  if (matched === undefined || version === undefined) return undefined;
  const imageId = `ami-0${fingerprint(matched.slice(0, matched.length - (leaf?.length ?? 0)))}`;
  if (leaf === '/image_id') return imageId;
  if (leaf === '/release_version' || leaf === '/image_version') return version.amiRelease;
  const details = { image_id: imageId, release_version: version.amiRelease, schema_version: '2' };
  return leaf === undefined ? JSON.stringify(details) : undefined;
}

/** 16 hex digits that depend on the text alone (FNV-1a): the same image at each plan. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

function showParameter(region: string, name: string, value: string): object {
  return {
    Name: name,
    Type: 'String',
    Value: value,
    Version: 1,
    LastModifiedDate: 1_760_000_000,
    ARN: `arn:aws:ssm:${region}::parameter${name}`,
    DataType: 'text',
  };
}

export const getParameter: LocalAnswer = (_state, call, body) => {
  const input = z.object({ Name: z.string() }).safeParse(body);
  const value = input.success ? amiParameterValue(input.data.Name) : undefined;
  if (!input.success || value === undefined) return undefined;
  const shown = showParameter(call.region, input.data.Name, value);
  return jsonResponse({ Parameter: shown }, awsJson);
};

export const getParameters: LocalAnswer = (_state, call, body) => {
  const input = z.object({ Names: z.array(z.string()).min(1) }).safeParse(body);
  if (!input.success) return undefined;
  const shown: object[] = [];
  for (const name of input.data.Names) {
    const value = amiParameterValue(name);
    if (value === undefined) return undefined;
    shown.push(showParameter(call.region, name, value));
  }
  return jsonResponse({ Parameters: shown, InvalidParameters: [] }, awsJson);
};
