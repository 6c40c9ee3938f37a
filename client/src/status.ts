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
  /** What a training config comes to; empty for a dataset. */
  summary?: string;
  findings?: Record<string, number>;
}

const DATASET = /\.(jsonl|ndjson)(\.gz|\.zst)?$/i;

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
    .map(
      ([severity, count]) =>
        `${count.toLocaleString("en")} ${severity}${count === 1 || severity === "information" ? "" : "s"}`,
    )
    .join(", ");
  return (found || "nothing found") + (status.fromDisk ? " (linted from disk)" : "");
}

/** Return the icon that goes with what is known. */
export function iconOf(status: Status | undefined): string {
  if (!status || status.state === "linting") {
    return "$(sync~spin)";
  }
  if (status.state === "failed") {
    return "$(warning)";
  }
  return status.findings?.error ? "$(error)" : status.findings?.warning ? "$(warning)" : "$(check)";
}

/** The item in the status bar. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("tunelint.status", vscode.StatusBarAlignment.Right, 90);
  private readonly known = new Map<string, Status>();
  private server = "is not running";
  private busy = false;

  constructor() {
    this.item.name = "TuneLint";
    this.item.command = "tunelint.showLog";
  }

  /** Say what the server is doing as a whole, and whether that takes time; an empty text when it runs. */
  serverIs(text: string, busy = false): void {
    this.server = text;
    this.busy = busy;
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
    const status = uri && this.known.get(uri.toString());
    // other files are only spoken of once the server has found a config in them
    if (!uri || !(DATASET.test(uri.path) || status?.summary)) {
      this.item.hide();
      return;
    }
    if (this.server) {
      this.item.text = `$(${this.busy ? "sync~spin" : "warning"}) TuneLint ${this.server}`;
    } else {
      this.item.text = `${iconOf(status)} TuneLint: ${status ? describe(status) : "reading"}`;
    }
    const lines = [`TuneLint ${this.server || "is running"}`];
    if (status?.summary) {
      lines.push(...status.summary.split(" · "));
    } else if (status?.records !== undefined) {
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
