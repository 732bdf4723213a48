import { AppError } from "../../base/errors.ts";
import { type Config, type SettingKey, settings } from "../../config/schema.ts";
import { defineCommand } from "../../contracts/command.ts";
import type { Role } from "../../contracts/serving.ts";
import type { Terminal } from "../../contracts/terminal.ts";

export default defineCommand({
  name: "serve",
  summary: "Run the server: API, workers and scheduler",
  description:
    "Without settings everything runs in this process on the embedded database. SIGTERM or Ctrl-C lets running jobs\nfinish (server.drain_timeout) and then ends with exit code 0.",
  positionals: [],
  options: {
    roles: { type: "string", value: "LIST", description: "What this process does: api, worker, scheduler" },
    host: { type: "string", value: "HOST", description: "Address to listen on (server.host)" },
    port: { type: "string", value: "PORT", description: "Port to listen on, 0 for any (server.port)" },
  },
  examples: ["repowright serve", "repowright serve --roles worker", "repowright serve --port 0"],
  async run({ options, services, terminal, signal }) {
    const { values } = services.config;
    const read = <K extends SettingKey>(key: K, name: string, text: string | undefined): Config[K] =>
      text === undefined ? values[key] : parseOption(key, name, text);
    const running = await services.serve(
      {
        roles: read("server.roles", "roles", options.roles) as readonly Role[],
        host: read("server.host", "host", options.host),
        port: read("server.port", "port", options.port),
      },
      signal,
    );
    if (running.url !== null && terminal.isInteractive)
      tellHow(running.url, values["server.token"] !== "", terminal);
    await running.stopped;
    return 0;
  },
});

function parseOption<K extends SettingKey>(key: K, name: string, text: string): Config[K] {
  const parsed = settings[key].safeParse(text);
  if (parsed.success) return parsed.data as Config[K];
  throw new AppError(
    "usage",
    `--${name}: ${JSON.stringify(text)} does not fit: ${parsed.error.issues.map((issue) => issue.message).join("; ")}.`,
  );
}

function tellHow(url: string, needsToken: boolean, terminal: Terminal): void {
  // Never the token itself: terminals are recorded.
  const token = needsToken ? ` -H "authorization: Bearer $REPOWRIGHT_SERVER_TOKEN"` : "";
  terminal.note(
    [
      `Repowright listens on ${url} (docs at ${url}/docs). Try:`,
      `  curl ${url}/health`,
      `  curl${token} ${url}/v1/jobs --json '{"kind":"analyze","source":"https://github.com/sindresorhus/slugify"}'`,
      `  curl${token} -N ${url}/v1/jobs/<id>/events`,
    ].join("\n"),
  );
}
