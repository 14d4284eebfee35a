/** What the name of a log file says: CloudTrail writes account, region and the minute of delivery into it. */
export interface LogName {
  account: string;
  region: string;
  /** In milliseconds since 1970. */
  time: number;
}

const kName = /(?:^|\/)(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[^/]*$/;

/** Undefined where it is named otherwise. */
export function readLogName(name: string): LogName | undefined {
  const [, account, region, ...digits] = kName.exec(name) ?? [];
  if (account === undefined || region === undefined) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = digits.map(Number);
  return { account, region, time: Date.UTC(year, month - 1, day, hour, minute) };
}
