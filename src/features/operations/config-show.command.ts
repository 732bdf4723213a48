import { describeConfig } from "../../config/describe.ts";
import { defineCommand } from "../../contracts/command.ts";

export default defineCommand({
  name: "config show",
  summary: "Show every setting, its value and where it came from",
  positionals: [],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright config show", "REPOWRIGHT_LOG_LEVEL=debug repowright config show --json"],
  async run({ options, services, terminal }) {
    const settings = describeConfig(services.config);
    if (options.json) {
      terminal.write(`${JSON.stringify({ settings }, null, 2)}\n`);
      return 0;
    }
    const keyWidth = Math.max(...settings.map((setting) => setting.key.length));
    const valueWidth = Math.max(...settings.map((setting) => JSON.stringify(setting.value).length));
    for (const setting of settings)
      terminal.write(
        `${setting.key.padEnd(keyWidth)}  ${JSON.stringify(setting.value).padEnd(valueWidth)}  ${setting.origin}\n`,
      );
    return 0;
  },
});
