/** Versions of an EKS add-on for one Kubernetes minor. */
export interface OfferedAddon {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly string[];
  /** What AWS takes when none is named. */
  readonly defaultVersion: string | undefined;
}

export interface InstalledAddon {
  readonly name: string;
  readonly status: string;
  readonly version: string;
}

export interface AddonReport extends InstalledAddon {
  /** AWS's default for this Kubernetes version; null when AWS does not know the add-on. */
  readonly defaultVersion: string | null;
  /** The newest that is compatible. */
  readonly latestVersion: string | null;
  /** `default`: older than what AWS would install; `latest`: newer than that, and not the newest. */
  readonly behind: 'default' | 'latest' | null;
}

export function reportAddons(
  installed: readonly InstalledAddon[],
  offered: readonly OfferedAddon[],
): AddonReport[] {
  return installed.map((addon) => {
    const offer = offered.find(({ name }) => name === addon.name);
    const latestVersion = offer?.versions[0] ?? null;
    const defaultVersion = offer?.defaultVersion ?? null;
    const isOlder = (other: string | null) =>
      other !== null && compareVersions(addon.version, other) < 0;
    const behind = isOlder(defaultVersion) ? 'default' : isOlder(latestVersion) ? 'latest' : null;
    return { ...addon, defaultVersion, latestVersion, behind };
  });
}

/** `v1.11.4-eksbuild.24` is newer than `v1.11.4-eksbuild.2`: numbers count as numbers. */
export function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
