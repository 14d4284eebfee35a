import { expect, it } from 'vitest';
import { readLogName } from './log_name';

const kFile = '111122223333_CloudTrail_us-east-1_20210729T2005Z_0123456789abcdef.json.gz';
const kRead = { account: '111122223333', region: 'us-east-1', time: Date.UTC(2021, 6, 29, 20, 5) };

it.each([
  [`s3://acme-trail/AWSLogs/111122223333/CloudTrail/us-east-1/2021/07/29/${kFile}`, kRead],
  [kFile, kRead],
  [kFile.replace('us-east-1', 'us-gov-west-1'), { ...kRead, region: 'us-gov-west-1' }],
  [`${kFile}/more`, undefined],
  [kFile.replace('20210729', '2021072'), undefined],
  [kFile.replace('_CloudTrail_', '_CloudTrail-Digest_'), undefined],
  ['<img src=x>', undefined],
  ['', undefined],
])('%s', (name, read) => expect(readLogName(name)).toEqual(read));
