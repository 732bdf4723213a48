import { defineWebhook } from "./webhook.ts";

export default defineWebhook("github", {
  path: "/webhooks/github",
  summary: "Take a delivery of GitHub",
  signature: "Signed by the header `X-Hub-Signature-256`, with a secret of webhooks.secrets.",
});
