import { z } from 'zod';
import { jsonResponse, renderError } from '../aws-error.ts';
import { awsJson, type LocalAnswer, type LocalState } from './local-answer.ts';

/**
 * From the AWS General Reference (vpc-limits, ec2 on-demand and spot vCPU quotas). The values of a
 * used account, not of a new one: a new one has 0 GPU vCPUs, and a pre-flight check would stop there.
 */
const quotaTable: Readonly<
  Record<string, readonly [service: string, name: string, value: number]>
> = {
  'L-1216C47A': ['ec2', 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances', 256],
  'L-DB2E81BA': ['ec2', 'Running On-Demand G and VT instances', 64],
  'L-417A185B': ['ec2', 'Running On-Demand P instances', 192],
  'L-34B43A08': ['ec2', 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests', 256],
  'L-3819A6DF': ['ec2', 'All G and VT Spot Instance Requests', 64],
  'L-7212CCBC': ['ec2', 'All P4, P3 and P2 Spot Instance Requests', 64],
  'L-C4BD4855': ['ec2', 'All P5 Spot Instance Requests', 192],
  'L-0263D0A3': ['ec2', 'EC2-VPC Elastic IPs', 5],
  'L-F678F1CE': ['vpc', 'VPCs per Region', 5],
  'L-A4707A72': ['vpc', 'Internet gateways per Region', 5],
  'L-FE5A380F': ['vpc', 'NAT gateways per Availability Zone', 5],
  'L-DF5E4CA3': ['vpc', 'Network interfaces per Region', 5000],
  'L-1194D53C': ['eks', 'Clusters', 100],
  'L-6D54EA21': ['eks', 'Managed node groups per cluster', 30],
};

function showQuota(state: LocalState, region: string, code: string): object | undefined {
  const [service, name, value] = quotaTable[code] ?? [];
  if (service === undefined) return undefined;
  return {
    ServiceCode: service,
    ServiceName: service,
    QuotaArn: `arn:aws:servicequotas:${region}:${state.account}:${service}/${code}`,
    QuotaCode: code,
    QuotaName: name,
    Value: state.quotas[code] ?? value,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  };
}

export const getQuota: LocalAnswer = (state, call, body) => {
  const input = z.object({ ServiceCode: z.string(), QuotaCode: z.string() }).safeParse(body);
  const shown = input.success ? showQuota(state, call.region, input.data.QuotaCode) : undefined;
  if (shown !== undefined) return jsonResponse({ Quota: shown }, awsJson);
  return renderError(call, {
    code: 'NoSuchResourceException',
    message: 'The sandbox does not know this quota',
    status: 400,
  });
};

export const listQuotas: LocalAnswer = (state, call, body) => {
  const input = z.object({ ServiceCode: z.string() }).safeParse(body);
  const codes = Object.entries(quotaTable).filter(
    ([, [service]]) => input.success && service === input.data.ServiceCode,
  );
  const shown = codes.map(([code]) => showQuota(state, call.region, code));
  return jsonResponse({ Quotas: shown }, awsJson);
};
