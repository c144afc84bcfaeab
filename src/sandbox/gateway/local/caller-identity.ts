import type { LocalAnswer } from './local-answer.ts';

export const callerIdentity: LocalAnswer = ({ callerAccount }) => {
  if (callerAccount === null) return undefined;
  const result = `<Arn>arn:aws:iam::${callerAccount}:user/other</Arn><UserId>AIDAOTHER</UserId><Account>${callerAccount}</Account>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: new TextEncoder().encode(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    ),
  };
};
