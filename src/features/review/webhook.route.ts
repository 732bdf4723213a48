import { defineWebhook } from "./webhook.ts";

export default defineWebhook(null, {
  path: "/webhook",
  summary: "Take a delivery of any host, or files with their patches",
  signature:
    "A host is known by its headers and must have signed the body with a secret of webhooks.secrets. Without such headers the body is `{action, number, pull_request: {title, files: [{filename, patch}]}}`, and the server's token is asked for, where one is set.",
});
