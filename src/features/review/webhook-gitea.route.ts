import { defineWebhook } from "./webhook.ts";

export default defineWebhook("gitea", {
  path: "/webhooks/gitea",
  summary: "Take a delivery of Gitea or Forgejo",
  signature: "Signed by the header `X-Gitea-Signature`, with a secret of webhooks.secrets.",
});
