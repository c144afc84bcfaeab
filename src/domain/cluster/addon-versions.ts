/** Versions of an EKS add-on for one Kubernetes minor. */
export interface OfferedAddon {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly string[];
  /** What AWS takes when none is named. */
  readonly defaultVersion: string | undefined;
}
