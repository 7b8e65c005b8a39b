// Sends events with the real @segment/analytics-node: node send.mjs HOST WRITE_KEY COUNT PREFIX
// Prints {"sent", "failed"} when the SDK has flushed; an event counts as sent when its callback says so.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, count, prefix] = process.argv.slice(2);
const analytics = new Analytics({ host, path: "/v1/batch", writeKey, flushAt: 15, flushInterval: 200, maxRetries: 10, httpRequestTimeout: 5000 });
let sent = 0;
let failed = 0;
for (let i = 0; i < Number(count); i++) {
  analytics.track(
    { userId: `${prefix}-${i % 25}`, event: "Order Completed", messageId: `${prefix}-message-${i}`, properties: { revenue: 1.25, order_id: `${prefix}-${i}` } },
    (error) => (error ? failed++ : sent++),
  );
}
await analytics.closeAndFlush({ timeout: 120_000 });
console.log(JSON.stringify({ sent, failed }));
