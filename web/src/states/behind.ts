import type { Status } from '../api/types';
import { durationText } from '../ui/amount';

const kMinute = 60_000;
/** CloudTrail delivers within about five minutes, and now and then within fifteen. */
const kEventLag = 30 * kMinute;
const kDeliveryLag = 5 * kMinute;

/** Why recent events may be missing from every answer; empty when nothing says so. */
export function reasonsBehind(status: Status): string[] {
  const { sources, deliveries, quarantine } = status;
  const reasons: string[] = [];
  const queues = sources?.queues.filter(queue => queue.error) ?? [];
  for (const { queue } of queues) reasons.push(`calls to the queue '${queue}' fail`);
  const failed = deliveries.states?.failed ?? 0;
  if (failed > 0) reasons.push(`${failed} ${failed === 1 ? 'delivery' : 'deliveries'} failed`);
  if (sources?.event_lag_ms !== undefined && sources.event_lag_ms > kEventLag)
    reasons.push(`events came ${durationText(sources.event_lag_ms)} after they happened`);
  if (sources?.delivery_lag_ms !== undefined && sources.delivery_lag_ms > kDeliveryLag)
    reasons.push(`deliveries waited ${durationText(sources.delivery_lag_ms)}`);
  for (const { problem } of [deliveries, quarantine]) if (problem) reasons.push(problem);
  return reasons;
}
