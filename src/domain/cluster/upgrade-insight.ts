/** One of EKS's findings about the next upgrade. */
export interface UpgradeInsight {
  readonly name: string;
  /** `PASSING`, `WARNING`, `ERROR`, `UNKNOWN`. */
  readonly status: string;
  readonly reason: string;
  /** The minor that it is about. */
  readonly kubernetes: string;
}
