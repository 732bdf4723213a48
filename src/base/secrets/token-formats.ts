import { cloud } from "./formats/cloud.ts";
import { codeHosting } from "./formats/code-hosting.ts";
import { connections } from "./formats/connections.ts";
import { infrastructure } from "./formats/infrastructure.ts";
import { keys } from "./formats/keys.ts";
import { messaging } from "./formats/messaging.ts";
import { models } from "./formats/models.ts";
import { monitoring } from "./formats/monitoring.ts";
import { packages } from "./formats/packages.ts";
import { payment } from "./formats/payment.ts";
import { services } from "./formats/services.ts";
import type { TokenFormat } from "./token-format.ts";

/** Every format that Repowright knows. Where two match the same text, the earlier one names it. */
export const tokenFormats: readonly TokenFormat[] = [
  ...keys,
  ...codeHosting,
  ...packages,
  ...cloud,
  ...infrastructure,
  ...models,
  ...payment,
  ...messaging,
  ...monitoring,
  ...services,
  ...connections,
];
