import { fork } from "node:child_process";
import { once } from "node:events";
import type { ScriptedUsage } from "./model-script.ts";

/** One call as the scripted server saw it: the other side of our ledger. */
export interface ServedCall {
  readonly protocol: string;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly inputs: readonly string[] | null;
  readonly isStreamed: boolean;
  readonly maxTokens: number | null;
  readonly body: Readonly<Record<string, unknown>>;
  /** What it told of tokens; null when it told nothing. */
  usage: ScriptedUsage | null;
}

export const goodKey = "good-key-0123456789";

/** Provider → the protocol that it speaks, as a path of the server. */
export const protocolPaths = {
  ollama: "/ollama",
  compatible: "/compatible/v1",
  openrouter: "/openrouter/v1",
  openai: "/openai/v1",
  anthropic: "/anthropic/v1",
  google: "/gemini/v1beta",
} as const;

export interface ModelServer {
  readonly url: string;
  readonly pid: number;
  /** Value of `llm.addresses`. */
  readonly addresses: string;
  /** Value of `llm.keys`. */
  readonly keys: string;
  calls(): Promise<readonly ServedCall[]>;
  close(): Promise<void>;
}

/** Models that answer by a script, in a process of its own, over real HTTP. */
export async function startModelServer(): Promise<ModelServer> {
  const child = fork(new URL("./model-server-process.ts", import.meta.url), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid!,
    addresses: Object.entries(protocolPaths)
      .map(([provider, path]) => `${provider}=${url}${path}`)
      .join(","),
    keys: ["openrouter", "openai", "anthropic", "google"]
      .map((provider) => `${provider}=${goodKey}`)
      .join(","),
    calls: async () => (await (await fetch(`${url}/admin/log`)).json()) as ServedCall[],
    async close() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}
