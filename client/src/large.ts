// Files that VS Code does not pass on because they are too large: they are linted from disk when they are opened.
import * as vscode from "vscode";

/** Characters above which VS Code keeps a text to itself; a file of fewer bytes cannot have so many. */
export const SYNC_LIMIT = 50 * 1024 * 1024;

const DATASET = /\.(jsonl|ndjson)$/i;

/** Watch the tabs; `lint` is called once for each large dataset that is opened. */
export function watchLargeFiles(lint: (uri: vscode.Uri) => void): vscode.Disposable {
  const done = new Set<string>();
  const look = async () => {
    for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
      const uri = tab.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
      if (!uri || done.has(uri.toString()) || !DATASET.test(uri.path)) {
        continue;
      }
      const size = await vscode.workspace.fs.stat(uri).then(
        (stat) => stat.size,
        () => 0,
      );
      const synced = vscode.workspace.textDocuments.some((one) => one.uri.toString() === uri.toString());
      if (size > SYNC_LIMIT && !synced && !done.has(uri.toString())) {
        done.add(uri.toString());
        lint(uri);
      }
    }
  };
  void look();
  return vscode.window.tabGroups.onDidChangeTabs((event) => {
    for (const tab of event.closed) {
      if (tab.input instanceof vscode.TabInputText) {
        done.delete(tab.input.uri.toString());
      }
    }
    void look();
  });
}
