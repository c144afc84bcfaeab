import type { Check } from '../check.ts';
import type { OfferedAddon } from '../cluster/addon-versions.ts';
import { dateText, daysUntil, type OfferedVersion } from '../cluster/cluster-version.ts';
import { EXIT } from '../exit-code.ts';

/** An upgrade takes preparation: from here on it is said. */
const SOON_DAYS = 60;

export function judgeClusterVersion(
  wanted: string,
  offered: readonly OfferedVersion[],
  now: number,
): Check {
  const base = { name: 'EKS version', exitCode: EXIT.failed };
  const found = offered.find(({ version }) => version === wanted);
  const others = offered
    .filter(({ version, support }) => support === 'standard' && version !== wanted)
    .map(({ version }) => version);
  const fix = `cluster.version in env.yaml: ${others.join(', ')}; a cluster goes up one minor at a time`;
  if (found === undefined || found.support === 'ended') {
    return { ...base, verdict: 'bad', text: `EKS does not offer Kubernetes "${wanted}"`, fix };
  }
  const end = found.standardSupportEnds;
  if (found.support === 'extended') {
    const since = end === undefined ? '' : ` since ${dateText(end)}`;
    const text = `${wanted} is in extended support${since}: it costs more, and EKS upgrades it by itself where the policy is STANDARD`;
    return { ...base, verdict: 'warn', text, fix };
  }
  if (end === undefined) return { ...base, verdict: 'ok', text: wanted };
  const days = daysUntil(end, now);
  const text = `${wanted}, standard support until ${dateText(end)}, ${days} days`;
  return days < SOON_DAYS
    ? { ...base, verdict: 'warn', text, fix }
    : { ...base, verdict: 'ok', text };
}

/**
 * @param wanted versions by add-on, as `env.yaml` pins them
 * @param offered for the Kubernetes version of the cluster
 */
export function judgeAddonVersions(
  wanted: Readonly<Record<string, string>>,
  offered: readonly OfferedAddon[],
  kubernetes: string,
): Check[] {
  const base = { name: 'add-ons', exitCode: EXIT.failed };
  const bad = Object.entries(wanted).flatMap(([name, version]): Check[] => {
    const addon = offered.find((each) => each.name === name);
    const fix = `correct cluster.addonVersions.${name} in env.yaml`;
    if (addon === undefined) {
      const text = `EKS has no add-on "${name}" for Kubernetes ${kubernetes}`;
      return [{ ...base, verdict: 'bad', text, fix }];
    }
    if (addon.versions.includes(version)) return [];
    const text = `EKS has no ${name} "${version}" for Kubernetes ${kubernetes}, its newest is ${addon.versions[0] ?? 'unknown'}`;
    return [{ ...base, verdict: 'bad', text, fix }];
  });
  if (bad.length > 0) return bad;
  const pinned = Object.entries(wanted).map(([name, version]) => `${name} ${version}`);
  const text = pinned.length === 0 ? 'none pinned: the defaults of AWS' : pinned.join(', ');
  return [{ ...base, verdict: 'ok', text }];
}
