// The status item: what the server does, and what it found in the file that is looked at.
import * as vscode from "vscode";

export interface Status {
  uri: string;
  state: "linting" | "idle" | "failed";
  message: string;
  fromDisk: boolean;
  records?: number;
  tokens?: number | null;
  format?: string | null;
  findings?: Record<string, number>;
}

/** Say in a few words what was found. */
export function describe(status: Status): string {
  if (status.state === "linting") {
    return `reading ${status.message}`;
  }
  if (status.state === "failed") {
    return status.message || "not linted";
  }
  const counts = Object.entries(status.findings ?? {}).filter(([, count]) => count > 0);
  const found = counts
    .map(([severity, count]) => `${count} ${severity}${count === 1 || severity === "information" ? "" : "s"}`)
    .join(", ");
  return (found || "nothing found") + (status.fromDisk ? " (linted from disk)" : "");
}

/** The item in the status bar. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("tunelint.status", vscode.StatusBarAlignment.Right, 90);
  private readonly known = new Map<string, Status>();
  private server = "is not running";

  constructor() {
    this.item.name = "TuneLint";
    this.item.command = "tunelint.showLog";
  }

  /** Say what the server is doing as a whole; an empty text when it runs. */
  serverIs(text: string): void {
    this.server = text;
    this.show();
  }

  /** Take what the server says of a file. */
  take(status: Status): void {
    this.known.set(status.uri, status);
    this.show();
  }

  /** Show what is known of the file that is looked at. */
  show(): void {
    const uri = activeUri();
    if (!uri || !/\.(jsonl|ndjson)(\.gz|\.zst)?$/i.test(uri.path)) {
      this.item.hide();
      return;
    }
    const status = this.known.get(uri.toString());
    const busy = status?.state === "linting";
    const failed = Boolean(this.server) || status?.state === "failed";
    const icon = busy ? "$(sync~spin)" : failed ? "$(warning)" : "$(check)";
    const text = this.server || (status ? describe(status) : "waiting");
    this.item.text = `${icon} TuneLint: ${text}`;
    const lines = [`TuneLint ${this.server || "is running"}`];
    if (status?.records !== undefined) {
      lines.push(`${status.records.toLocaleString("en")} records, ${status.format ?? "no known format"}`);
    }
    if (status?.tokens) {
      lines.push(`${status.tokens.toLocaleString("en")} tokens`);
    }
    this.item.tooltip = lines.join("\n");
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}

/** Return the file that is looked at, even where VS Code does not pass its text on because it is too large. */
export function activeUri(): vscode.Uri | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    return editor.document.uri;
  }
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText ? input.uri : undefined;
}
