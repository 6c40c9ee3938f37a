// Pages of rules, which the server gives and VS Code shows: nothing is fetched.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

export const SCHEME = "tunelint-rule";

/** The documents under the scheme: `tunelint-rule:/CHT003.md`, and previews of records. */
export class Pages implements vscode.TextDocumentContentProvider {
  constructor(private readonly client: () => LanguageClient | undefined) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const client = this.client();
    if (!client) {
      return "TuneLint is not running.";
    }
    if (uri.path.startsWith("/record/")) {
      const query = new URLSearchParams(uri.query);
      const args = [query.get("uri"), Number(query.get("line"))];
      return (
        (await execute<string | null>(client, "tunelint.previewRecord", args)) ?? "There is no record in this line."
      );
    }
    const code = uri.path.replace(/^\//, "").replace(/\.md$/, "");
    return (await execute<string | null>(client, "tunelint.explainRule", [code])) ?? `There is no rule ${code}.`;
  }
}

/** Execute a command of the server. */
export function execute<T>(client: LanguageClient, command: string, args: unknown[] = []): Promise<T> {
  return client.sendRequest("workspace/executeCommand", { command, arguments: args }) as Promise<T>;
}

/** Show a page, rendered. */
export async function showPage(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("markdown.showPreview", uri);
}
