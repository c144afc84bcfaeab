/** Ids begin with the time, so that their order is the order of the runs. */
export const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

/** Everything that happened in a run, as it happens. */
export const EVENTS_FILE = 'events.ndjson';
/** Of one unit: what its steps were waiting for. */
export const STEPS_LOG = 'steps.log';
/** The record as it was when somebody said yes to it. */
export const APPROVED_FILE = 'approved.json';
/** Lets another run compare values with what was approved; it stays in the private record. */
export const APPROVAL_KEY_FILE = 'approval.key';
