import type { EmulatorMemory } from './emulator-memory.ts';
import { escapeXml } from './xml.ts';

/**
 * moto 5.2.5 keeps the description of a rule only with an address range (SecurityGroupRule in
 * ec2/models/security_groups.py); one that names a group or a prefix list loses it, and a plan would
 * want to add it for ever.
 */
type Memory = Pick<EmulatorMemory, 'ruleDescriptions'>;

/** What tells the rules of one call from each other. */
function ruleKey(source: string, protocol: string, fromPort: string): string {
  return `${source} ${protocol} ${protocol === '-1' ? '' : fromPort}`;
}

/** AuthorizeSecurityGroupIngress and -Egress: the request has the texts, the answer the ids. */
export function rememberAuthorized(memory: Memory, form: URLSearchParams, answer: string): void {
  const texts = new Map<string, string>();
  for (const [name, text] of form) {
    const [, permission, source] =
      /^(IpPermissions\.\d+)\.((?:Groups|PrefixListIds)\.\d+)\.Description$/.exec(name) ?? [];
    if (permission === undefined) continue;
    const of = (field: string) => form.get(`${permission}.${field}`) ?? '';
    const id = of(`${source}.GroupId`) || of(`${source}.PrefixListId`);
    texts.set(ruleKey(id, of('IpProtocol'), of('FromPort')), text);
  }
  for (const rule of answer.split('<securityGroupRuleId>').slice(1)) {
    const of = (field: string) => new RegExp(`<${field}>([^<]*)<`).exec(rule)?.[1] ?? '';
    const info = /<referencedGroupInfo>.*?<groupId>([^<]*)</s.exec(rule)?.[1];
    const key = ruleKey(info ?? of('prefixListId'), of('ipProtocol'), of('fromPort'));
    const text = texts.get(key);
    if (text !== undefined) memory.ruleDescriptions.set(rule.slice(0, rule.indexOf('<')), text);
  }
}

/** ModifySecurityGroupRules names ids and texts in the request. */
export function rememberModified(memory: Memory, form: URLSearchParams): void {
  for (const [name, id] of form) {
    const [, rule] = /^(SecurityGroupRule\.\d+)\.SecurityGroupRuleId$/.exec(name) ?? [];
    if (rule === undefined) continue;
    const text = form.get(`${rule}.SecurityGroupRule.Description`) ?? '';
    const source = ['ReferencedGroupId', 'PrefixListId'].some((field) =>
      form.has(`${rule}.SecurityGroupRule.${field}`),
    );
    if (source && text !== '') memory.ruleDescriptions.set(id, text);
    else memory.ruleDescriptions.delete(id);
  }
}

/** The answer with the texts of the rules that have lost theirs. */
export function withDescriptions(memory: Memory, answer: string): string {
  return answer.replace(
    /<securityGroupRuleId>([^<]*)<\/securityGroupRuleId>/g,
    (element, id: string) => {
      const text = memory.ruleDescriptions.get(id);
      return text === undefined
        ? element
        : `${element}<description>${escapeXml(text)}</description>`;
    },
  );
}
