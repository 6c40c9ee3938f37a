// The report page of a dataset in a panel: the same page as `tunelint report` writes, made anew when the dataset is saved.
import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { execute } from "./rules";
import { activeUri } from "./status";

interface Place {
  path?: string;
  line?: number;
  column?: number;
}

/** The panels, one a dataset. */
export class Reports implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly listeners: vscode.Disposable[] = [];

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.listeners.push(
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (this.panels.has(document.uri.toString())) {
          void this.fill(document.uri);
        }
      }),
    );
  }

  /** Show the report of the dataset in the active editor. */
  async show(): Promise<void> {
    const uri = activeUri();
    if (!uri) {
      return;
    }
    const known = this.panels.get(uri.toString());
    if (known) {
      known.reveal();
      return;
    }
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const panel = vscode.window.createWebviewPanel("tunelint.report", `Report: ${name}`, vscode.ViewColumn.Beside, {
      enableScripts: true,
      enableFindWidget: true,
      retainContextWhenHidden: true,
      localResourceRoots: [],
    });
    this.panels.set(uri.toString(), panel);
    panel.onDidDispose(() => this.panels.delete(uri.toString()));
    panel.webview.onDidReceiveMessage((place: Place) => void jump(uri, place));
    await this.fill(uri);
  }

  private async fill(uri: vscode.Uri): Promise<void> {
    const client = this.client();
    const file = client && (await execute<string | null>(client, "tunelint.writeReport", [uri.toString()]));
    const panel = this.panels.get(uri.toString());
    if (panel && file) {
      panel.webview.html = await readFile(file, "utf8");
    } else if (panel && !panel.webview.html) {
      panel.dispose(); // the server has said why
    }
  }

  dispose(): void {
    for (const one of [...this.listeners, ...this.panels.values()]) {
      one.dispose();
    }
  }
}

/** Go to a record that was clicked. */
async function jump(uri: vscode.Uri, place: Place): Promise<void> {
  if (typeof place.line !== "number") {
    return;
  }
  const target = place.path && place.path !== uri.fsPath ? vscode.Uri.file(place.path) : uri;
  const start = new vscode.Position(Math.max(place.line - 1, 0), Math.max((place.column ?? 1) - 1, 0));
  await vscode.window.showTextDocument(target, {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(start, start),
  });
}
