// The extension's own Python environment: made from the wheel that the extension carries, in its own storage.
import * as path from "node:path";
import type { Run } from "./process";
import { atLeast, parseVersion } from "./versions";

export interface EnvironmentTools {
  run: Run;
  log: (line: string) => void;
  exists: (file: string) => Promise<boolean>;
  list: (folder: string) => Promise<string[]>;
  remove: (folder: string) => Promise<void>;
  report: (step: string) => void;
  cancelled: () => boolean;
  windows: boolean;
}

export interface EnvironmentPlan {
  /** Where the environment is to lie. */
  folder: string;
  /** Where the extension's wheels are: its own, and in offline builds those that it needs. */
  wheels: string;
  /** Pythons to try, best first. */
  pythons: readonly (readonly string[])[];
}

const LEAST_PYTHON = [3, 11];
const MINUTES = 60_000;

/** Return the Python of an environment. */
export function pythonOf(folder: string, windows: boolean): string {
  return windows ? path.join(folder, "Scripts", "python.exe") : path.join(folder, "bin", "python");
}

/** Tell whether the files of a folder are the wheels of an offline build: the server's and those that it needs. */
export function carriesAll(files: readonly string[]): boolean {
  return files.filter((name) => name.endsWith(".whl")).length > 1;
}

/**
 * Make the environment and try it. Returns its Python; throws an Error that says what to do, and leaves nothing behind then.
 */
export async function makeEnvironment(plan: EnvironmentPlan, tools: EnvironmentTools): Promise<string> {
  const wheels = (await tools.list(plan.wheels)).filter((name) => name.endsWith(".whl"));
  const own = wheels.find((name) => name.startsWith("tunelint-"));
  if (!own) {
    throw new Error("This build of the extension carries no server; install it with `pip install tunelint`.");
  }
  const wheel = path.join(plan.wheels, own);
  const offline = carriesAll(wheels) ? ["--no-index", "--find-links", plan.wheels] : [];
  await tools.remove(plan.folder);
  try {
    return await make(plan, tools, wheel, offline);
  } catch (problem) {
    await tools.remove(plan.folder); // an environment is not moved, because its programs know where they lie
    throw problem;
  }
}

async function make(
  plan: EnvironmentPlan,
  tools: EnvironmentTools,
  wheel: string,
  offline: readonly string[],
): Promise<string> {
  const uv = (await tools.run("uv", ["--version"], 10_000)).code === 0;
  if (uv) {
    tools.report("making the environment with uv");
    await must(
      tools,
      "uv",
      [
        "venv",
        "--no-config",
        ...(offline.length > 0 ? ["--offline"] : []),
        "--python",
        `>=${LEAST_PYTHON.join(".")}`,
        plan.folder,
      ],
      5 * MINUTES,
    );
    stopIfCancelled(tools);
    tools.report("installing the server");
    const python = pythonOf(plan.folder, tools.windows);
    await must(tools, "uv", ["pip", "install", "--python", python, ...offline, wheel], 10 * MINUTES);
  } else {
    const base = await findPython(plan, tools);
    tools.report("making the environment");
    const [command, ...first] = base;
    await must(tools, command as string, [...first, "-m", "venv", plan.folder], 5 * MINUTES);
    stopIfCancelled(tools);
    tools.report("installing the server");
    const python = pythonOf(plan.folder, tools.windows);
    const install = [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--only-binary",
      ":all:",
      ...offline,
      wheel,
    ];
    await must(tools, python, install, 10 * MINUTES);
  }
  stopIfCancelled(tools);
  const python = pythonOf(plan.folder, tools.windows);
  await must(tools, python, ["-m", "tunelint", "--version"], MINUTES);
  return python;
}

async function findPython(plan: EnvironmentPlan, tools: EnvironmentTools): Promise<readonly string[]> {
  for (const candidate of plan.pythons) {
    const [command, ...first] = candidate;
    const ended = await tools.run(command as string, [...first, "--version"], 10_000);
    const version = ended.code === 0 ? parseVersion(ended.stdout || ended.stderr) : undefined;
    tools.log(`${candidate.join(" ")}: ${version ? version.join(".") : "not there"}`);
    if (version && atLeast(version, LEAST_PYTHON)) {
      return candidate;
    }
  }
  throw new Error(`Python ${LEAST_PYTHON.join(".")} or newer was not found; install it, or uv, and try again.`);
}

async function must(tools: EnvironmentTools, command: string, args: readonly string[], timeout: number): Promise<void> {
  tools.log(`${command} ${args.join(" ")}`);
  const ended = await tools.run(command, args, timeout);
  if (ended.code !== 0) {
    for (const line of `${ended.stdout}\n${ended.stderr}`.split("\n").filter((one) => one.trim())) {
      tools.log(`  ${line}`);
    }
    const said = ended.stderr.trim().split("\n").pop() ?? "";
    throw new Error(`${path.basename(command)} ${args.find((one) => !one.startsWith("-")) ?? ""} failed: ${said}`);
  }
}

function stopIfCancelled(tools: EnvironmentTools): void {
  if (tools.cancelled()) {
    throw new Error("Making the environment was cancelled.");
  }
}
