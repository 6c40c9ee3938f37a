// The extension's own environment as VS Code sees it: asked for, made with progress, and removed again.
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { carriesAll, makeEnvironment, pythonOf } from "./environment";
import { run } from "./process";
import { selectedInterpreter } from "./python";

const WINDOWS = process.platform === "win32";
const DECLINED = "tunelint.environmentDeclined";

/** The environment in the extension's storage, one for each version of the extension. */
export class Managed {
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  private get folder(): string {
    const version = String(this.context.extension.packageJSON.version);
    return path.join(this.context.globalStorageUri.fsPath, `server-${version}`);
  }

  /** Return the environment's Python, where it was made. */
  async python(): Promise<string | undefined> {
    const python = pythonOf(this.folder, WINDOWS);
    return (await exists(python)) ? python : undefined;
  }

  private get wheels(): string {
    return this.context.asAbsolutePath("wheels");
  }

  /** Ask for consent, unless it was refused before and is not `asked` for, and make the environment; `making` is told so. */
  async offer(asked: boolean, making: () => void): Promise<boolean> {
    if (!asked && this.context.globalState.get(DECLINED)) {
      this.log.info(
        "an environment of its own was declined before; the command TuneLint: Make Its Own Python Environment makes one",
      );
      return false;
    }
    const [make, choose, never] = ["Make It", "Choose a TuneLint…", "Not Now"];
    const packages = carriesAll(await list(this.wheels)) ? "from packages that it carries" : "packages from your index";
    const answer = asked
      ? make
      : await vscode.window.showInformationMessage(
          `TuneLint found no server. It can make a private Python environment for itself (about 120 MB, ${packages}); no project is touched.`,
          make,
          choose,
          never,
        );
    if (answer === choose) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "tunelint.path");
    }
    if (answer !== make) {
      await this.context.globalState.update(DECLINED, answer === never);
      return false;
    }
    await this.context.globalState.update(DECLINED, undefined);
    making();
    return this.make();
  }

  private async make(): Promise<boolean> {
    const options = { location: vscode.ProgressLocation.Notification, title: "TuneLint", cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      try {
        await fs.mkdir(this.context.globalStorageUri.fsPath, { recursive: true });
        const selected = await selectedInterpreter();
        const usual = WINDOWS ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
        await makeEnvironment(
          {
            folder: this.folder,
            wheels: this.wheels,
            pythons: [...(selected ? [[selected]] : []), ...usual],
          },
          {
            run,
            log: (line) => this.log.info(line),
            exists,
            list,
            remove: (folder) => fs.rm(folder, { recursive: true, force: true }),
            report: (message) => progress.report({ message }),
            cancelled: () => token.isCancellationRequested,
            windows: WINDOWS,
          },
        );
        return true;
      } catch (problem) {
        const said = problem instanceof Error ? problem.message : String(problem);
        this.log.error(said);
        const show = "Show Log";
        if ((await vscode.window.showErrorMessage(`TuneLint: ${said}`, show)) === show) {
          this.log.show();
        }
        return false;
      }
    });
  }

  /** Remove the environment. */
  async remove(): Promise<void> {
    await fs.rm(this.folder, { recursive: true, force: true });
    vscode.window.showInformationMessage("TuneLint: its own environment was removed");
  }
}

async function list(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch(() => []);
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
