// A webhook receiver that verifies every request with npm's standardwebhooks: node receive.mjs SECRET [STATUS…]
// Prints {"port"} when it listens, then one line for each request. Answers with the statuses in turn, the last one for ever (default 200).
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const [secret, ...statuses] = process.argv.slice(2);
const webhook = new Webhook(secret);
let requests = 0;
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString("utf8");
    let verified = true;
    try {
      webhook.verify(body, request.headers);
    } catch {
      verified = false;
    }
    const status = Number(statuses[Math.min(requests++, statuses.length - 1)] ?? 200);
    console.log(JSON.stringify({ verified, status, id: request.headers["webhook-id"], body }));
    response.writeHead(status).end();
  });
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
