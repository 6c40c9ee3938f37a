// The commands of the palette: each asks the server, none knows anything about data.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { execute, SCHEME, showPage } from "./rules";
import { activeUri } from "./status";

interface Linted {
  files: number;
  findings: number;
  problem?: string;
}

/** Register all commands that need a running server. */
export function registerCommands(
  client: () => LanguageClient | undefined,
  start: () => Promise<void>,
): vscode.Disposable {
  const withClient =
    <A extends unknown[]>(action: (client: LanguageClient, ...args: A) => Promise<void>) =>
    async (...args: A) => {
      if (!client()) {
        await start();
      }
      const running = client();
      if (running) {
        await action(running, ...args);
      }
    };
  return vscode.Disposable.from(
    vscode.commands.registerCommand("tunelint.fixDocument", withClient(fixDocument)),
    vscode.commands.registerCommand("tunelint.lintFromDisk", withClient(lintFromDisk)),
    vscode.commands.registerCommand("tunelint.lintAll", withClient(lintAll)),
    vscode.commands.registerCommand("tunelint.newBaseline", withClient(newBaseline)),
    vscode.commands.registerCommand("tunelint.showRule", withClient(showRule)),
    vscode.commands.registerCommand("tunelint.showRecord", withClient(showRecord)),
    vscode.commands.registerCommand("tunelint.newPrompt", withClient(newPrompt)),
    vscode.commands.registerCommand("tunelint.measurePrompt", withClient(measurePrompt)),
    vscode.commands.registerCommand("tunelint.copyInfo", withClient(copyInfo)),
  );
}

async function fixDocument(client: LanguageClient): Promise<void> {
  const uri = activeUri();
  if (!uri) {
    return;
  }
  const edits = await execute<number>(client, "tunelint.fixAll", [uri.toString()]);
  vscode.window.setStatusBarMessage(
    edits ? `TuneLint: ${edits} edit${edits === 1 ? "" : "s"}` : "TuneLint: nothing to fix safely",
    4000,
  );
}

async function lintFromDisk(client: LanguageClient, chosen?: vscode.Uri): Promise<void> {
  const uri = chosen ?? activeUri();
  if (uri) {
    say(await execute<Linted>(client, "tunelint.lintFile", [uri.toString()]));
  }
}

async function lintAll(client: LanguageClient): Promise<void> {
  say(await execute<Linted>(client, "tunelint.lintWorkspace"));
}

function say(linted: Linted): void {
  const files = `${linted.files.toLocaleString("en")} file${linted.files === 1 ? "" : "s"}`;
  const text =
    linted.problem || `${linted.findings.toLocaleString("en")} finding${linted.findings === 1 ? "" : "s"} in ${files}`;
  vscode.window.showInformationMessage(`TuneLint: ${text}`);
}

async function newBaseline(client: LanguageClient): Promise<void> {
  await execute(client, "tunelint.createBaseline"); // the server says where
}

async function showRule(client: LanguageClient, chosen?: string): Promise<void> {
  const here = activeUri();
  const near = here ? vscode.languages.getDiagnostics(here).filter((one) => one.source === "tunelint") : [];
  const codes = [...new Set(near.map((one) => codeOf(one)))].filter((code) => code !== "");
  const code = chosen ?? (await pick(codes));
  if (code && client) {
    await showPage(vscode.Uri.parse(`${SCHEME}:/${code.toUpperCase()}.md`));
  }
}

async function pick(codes: string[]): Promise<string | undefined> {
  const other = "Another rule…";
  const chosen = codes.length > 0 ? await vscode.window.showQuickPick([...codes, other]) : other;
  return chosen === other ? vscode.window.showInputBox({ prompt: "Code or name of a rule, such as CHT003" }) : chosen;
}

function codeOf(one: vscode.Diagnostic): string {
  return typeof one.code === "object" ? String(one.code.value) : String(one.code ?? "");
}

async function showRecord(_client: LanguageClient): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    const line = editor.selection.active.line;
    const query = new URLSearchParams({ uri: editor.document.uri.toString(), line: String(line) });
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/record/line ${line + 1}.md`, query: query.toString() });
    await showPage(uri);
  }
}

async function newPrompt(client: LanguageClient): Promise<void> {
  const uri = activeUri();
  const forms = [
    { label: "Markdown", description: "to read and to copy", form: "markdown" },
    { label: "OpenAI messages", description: "JSON", form: "openai" },
    { label: "promptfoo", description: "YAML, with held-out rows as tests", form: "promptfoo" },
    { label: "Python", description: "a script that asks a model", form: "python" },
  ];
  const chosen = uri && (await vscode.window.showQuickPick(forms, { title: "A few-shot prompt from this dataset" }));
  if (uri && chosen) {
    await execute(client, "tunelint.createPrompt", [uri.toString(), chosen.form]);
  }
}

async function measurePrompt(client: LanguageClient): Promise<void> {
  const uri = activeUri();
  const model =
    uri &&
    (await vscode.window.showInputBox({
      title: "Measure the few-shot prompt",
      prompt:
        "The model to ask; empty for the target's. The key comes from the environment, and the price is shown first.",
    }));
  if (uri && model !== undefined) {
    const report = await execute<string | null>(client, "tunelint.measure", [uri.toString(), { model }]);
    if (report) {
      const document = await vscode.workspace.openTextDocument({ content: report });
      await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    }
  }
}

async function copyInfo(client: LanguageClient): Promise<void> {
  const text = await execute<string>(client, "tunelint.info");
  await vscode.env.clipboard.writeText(`VS Code ${vscode.version}\n${text}`);
  vscode.window.showInformationMessage("TuneLint: copied; paste it into the report");
}
