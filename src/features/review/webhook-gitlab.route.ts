import { defineWebhook } from "./webhook.ts";

export default defineWebhook("gitlab", {
  path: "/webhooks/gitlab",
  summary: "Take a delivery of GitLab",
  signature:
    "Signed by the header `X-Gitlab-Token` or `webhook-signature`, with a secret of webhooks.secrets.",
});
