// The selected Python interpreter, from the Python extension where that is installed: it is asked, never required.
import * as vscode from "vscode";

interface PythonApi {
  ready?: Promise<void>;
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable?: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

async function api(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  if (!extension) {
    return undefined;
  }
  const found = extension.isActive ? extension.exports : await extension.activate();
  await found?.ready;
  return found;
}

/** Return the interpreter that is selected for the workspace; undefined where nobody knows. */
export async function selectedInterpreter(): Promise<string | undefined> {
  const environments = (await api())?.environments;
  if (!environments) {
    return undefined;
  }
  const selected = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
  const resolved = await environments.resolveEnvironment(selected);
  return resolved?.executable?.uri?.fsPath;
}

/** Call `changed` when another interpreter is selected. */
export async function onInterpreterChanged(changed: () => void): Promise<vscode.Disposable | undefined> {
  return (await api())?.environments?.onDidChangeActiveEnvironmentPath?.(changed);
}
