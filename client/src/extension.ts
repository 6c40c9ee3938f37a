// Finds the server, starts it, and shows what it says. All that is known about data is in the server.
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import { registerCommands } from "./commands";
import { findServer, type Server, WrongSetting } from "./discovery";
import { watchLargeFiles } from "./large";
import { Managed } from "./managed";
import { run } from "./process";
import { onInterpreterChanged, selectedInterpreter } from "./python";
import { Reports } from "./report";
import { execute, Pages, SCHEME } from "./rules";
import { type Status, StatusItem } from "./status";
import { parseVersion } from "./versions";

const PROBE_MILLISECONDS = 15_000;
const VISIBLE_QUIET = 150;

/** The extension while it is active. */
class Extension {
  private client: LanguageClient | undefined;
  private starting: Promise<void> | undefined;
  private readonly log = vscode.window.createOutputChannel("TuneLint", { log: true });
  private readonly trace = vscode.window.createOutputChannel("TuneLint Trace");
  private readonly status = new StatusItem();
  private readonly managed: Managed;
  private visibleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.managed = new Managed(context, this.log);
  }

  register(): void {
    const running = () => this.client;
    const start = () => this.start(false);
    const reports = new Reports(running);
    this.context.subscriptions.push(
      this.log,
      this.trace,
      this.status,
      reports,
      registerCommands(running, start),
      vscode.commands.registerCommand("tunelint.showReport", async () => {
        await start();
        await reports.show();
      }),
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, new Pages(running)),
      vscode.commands.registerCommand("tunelint.restart", () => this.restart()),
      vscode.commands.registerCommand("tunelint.showLog", () => this.log.show()),
      vscode.commands.registerCommand("tunelint.makeEnvironment", () => this.makeEnvironment()),
      vscode.commands.registerCommand("tunelint.removeEnvironment", async () => {
        await this.stop();
        await this.managed.remove();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.status.show()),
      vscode.window.tabGroups.onDidChangeTabs(() => this.status.show()),
      vscode.window.onDidChangeTextEditorVisibleRanges((event) => this.tellVisible(event.textEditor)),
      vscode.workspace.onDidChangeConfiguration(async (event) => {
        if (event.affectsConfiguration("tunelint.path")) {
          await this.restart();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.restart()),
    );
    void onInterpreterChanged(() => {
      if (!vscode.workspace.getConfiguration("tunelint").get<string>("path")) {
        void this.restart();
      }
    }).then((disposable) => disposable && this.context.subscriptions.push(disposable));
  }

  /** Start the server, unless it runs or is being started. */
  start(asked: boolean): Promise<void> {
    this.starting ??= this.startOnce(asked).finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  private async startOnce(asked: boolean): Promise<void> {
    if (this.client) {
      return;
    }
    this.status.serverIs("looks for its server", true);
    let server: Server | undefined;
    try {
      server = await this.find();
      if (!server) {
        this.status.serverIs("has no server");
        if (await this.managed.offer(asked, () => this.status.serverIs("makes its environment", true))) {
          server = await this.find();
        }
      }
    } catch (problem) {
      if (!(problem instanceof WrongSetting)) {
        throw problem;
      }
      this.log.error(problem.message);
      void vscode.window.showErrorMessage(problem.message, "Open Settings").then((answer) => {
        if (answer) {
          void vscode.commands.executeCommand("workbench.action.openSettings", "tunelint.path");
        }
      });
    }
    if (!server) {
      this.status.serverIs("has no server");
      return;
    }
    this.log.info(
      `starting ${server.command} ${server.args.join(" ")} server, version ${server.version}, from ${server.found}`,
    );
    this.status.serverIs("is starting", true);
    await this.run(server);
  }

  private find(): Promise<Server | undefined> {
    const trusted = vscode.workspace.isTrusted;
    const version = parseVersion(String(this.context.extension.packageJSON.version));
    return findServer(
      {
        setting: trusted ? (vscode.workspace.getConfiguration("tunelint").get<string>("path") ?? "") : "",
        interpreter: async () => (trusted ? selectedInterpreter() : undefined),
        managed: () => this.managed.python(),
      },
      { run, log: (line) => this.log.info(line), extension: version ?? [0, 0, 0], timeout: PROBE_MILLISECONDS },
    );
  }

  private async run(server: Server): Promise<void> {
    const options: LanguageClientOptions = {
      documentSelector: [
        { language: "jsonl" },
        { pattern: "**/*.{jsonl,ndjson}" },
        // the server is silent about all that is neither a dataset, nor a training config, nor its own settings
        { language: "yaml" },
        { language: "toml" },
        { language: "json" },
        { pattern: "**/*.{yaml,yml,toml,json}" },
      ],
      initializationOptions: { status: true, ruleScheme: SCHEME },
      outputChannel: this.log,
      traceOutputChannel: this.trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: "tunelint" },
    };
    const command = { command: server.command, args: [...server.args, "server"] };
    const client = new LanguageClient("tunelint", "TuneLint", { run: command, debug: command }, options);
    client.onDidChangeState((event) => {
      if (event.newState === State.Stopped && this.client === client) {
        this.status.serverIs("has stopped");
      }
    });
    client.onNotification("tunelint/status", (status: Status) => {
      this.status.take(status);
      if (status.state === "idle") {
        void vscode.commands.executeCommand("setContext", "tunelint.found", true);
      }
    });
    await client.start();
    this.client = client;
    this.status.serverIs("");
    void vscode.commands.executeCommand("setContext", "tunelint.running", true);
    this.context.subscriptions.push(
      watchLargeFiles((uri) => {
        if (this.client === client) {
          this.log.info(`${uri.fsPath} is too large for VS Code to pass on; linting it from disk`);
          void execute(client, "tunelint.lintFile", [uri.toString()]);
        }
      }),
    );
    for (const editor of vscode.window.visibleTextEditors) {
      this.tellVisible(editor);
    }
  }

  private tellVisible(editor: vscode.TextEditor): void {
    if (editor.document.languageId !== "jsonl" || !this.client) {
      return;
    }
    clearTimeout(this.visibleTimer);
    this.visibleTimer = setTimeout(() => {
      const range = editor.visibleRanges[0];
      if (range && this.client?.state === State.Running) {
        const params = { uri: editor.document.uri.toString(), first: range.start.line, last: range.end.line };
        void this.client.sendNotification("tunelint/visible", params);
      }
    }, VISIBLE_QUIET);
  }

  private async makeEnvironment(): Promise<void> {
    await this.stop();
    if (await this.managed.offer(true, () => this.status.serverIs("makes its environment", true))) {
      await this.start(true);
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start(false);
  }

  async stop(): Promise<void> {
    await this.starting;
    const client = this.client;
    this.client = undefined;
    if (client) {
      await client.stop().catch((problem) => this.log.warn(`the server did not stop in time: ${problem}`));
      await client.dispose();
    }
    this.status.serverIs("is not running");
  }
}

let extension: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  extension = new Extension(context);
  extension.register();
  void extension.start(false);
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}
